export { OperatorOnly, Public, RequiresPermission, SignedIn, WithoutTenant } from '#libs/auth';
export { PreconditionFailed, requireVersion } from '#libs/kernel';
export { emailSchema, text, type TextBounds } from '#libs/schemas';
export { LoginLimit, RegistrationLimit, ResetLimit, SearchLimit, Unlimited } from '#libs/throttling';
export { pathOf, routeOf } from './app/access-log.js';
export { createHttpApp, type HttpAppOptions } from './app/create-http-app.js';
export { Draining } from './app/draining.js';
export {
  AnswerOnce,
  answersOnce,
  isMutating,
  OwnUnitsOfWork,
  ownUnitsOf,
  RequiresIdempotencyKey,
  requiresIdempotencyKey,
} from './idempotency/idempotency.decorators.js';
export { REPLAYED_HEADER } from './idempotency/request-unit-of-work.js';
export { RequestUnitsOfWork } from './idempotency/request-units-of-work.module.js';
export { CORRELATION_HEADER } from './app/request-context.js';
export { routeFaults } from './app/route-audit.js';
export { type Route, type RouteInput, routesIn } from './app/routes.js';
export { serve, type ServeOptions, type Serving, stopOnSignals } from './app/serve.js';
export { CachedPublicRead } from './caching/cached-public-read.decorator.js';
export type { CachedReadOptions, PathParameters } from './caching/cached-read.options.js';
export { warmUp } from './caching/warm-up.js';
export { ReadFromPrimary } from './consistency/read-from-primary.decorator.js';
export { CONSISTENCY_HEADER } from './consistency/read-routing.js';
export { RequestGuards, type RequestGuardsOptions } from './guards/request-guards.module.js';
export type { ApiReference } from './openapi/api-reference.js';
export { refusedCodes } from './openapi/operation-extras.js';
export { buildOpenApi } from './openapi/build-open-api.js';
export * from './problems/http.errors.js';
export { PROBLEM_TYPE, type Problem, type ProblemDocument, problemSchema } from './problems/problem.js';
export { Answers } from './requests/answers.decorator.js';
export { etagOf, IfMatch, setETag, versionOfIfMatch } from './requests/entity-tag.js';
export { refusalsOf, Refuses } from './requests/refuses.decorator.js';
export * from './requests/schemas.js';
