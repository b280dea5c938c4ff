import {
  accessOf,
  CsrfRefused,
  InvalidToken,
  isWithoutTenant,
  PermissionDenied,
  SessionRequired,
  TenantMismatch,
  TokenExpired,
} from '#libs/auth';
import { AuthenticationRequired, TenantRequired } from '#libs/context';
import type { DomainErrorDeclaration } from '#libs/kernel';
import {
  AnswerNotKept,
  IdempotencyKeyInvalid,
  IdempotencyKeyMissing,
  IdempotencyKeyReused,
  RequestInProgress,
} from '#libs/idempotency';
import { PreconditionFailed } from '#libs/kernel';
import { TenantSuspended, TenantUnknown } from '#libs/tenancy';
import { RateLimitExceeded } from '#libs/throttling';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Route } from '../app/routes.js';
import { isMutating, ownUnitsOf, requiresIdempotencyKey } from '../idempotency/idempotency.decorators.js';
import { PROBLEM_TYPE, titleOf } from '../problems/problem.js';
import {
  BodyTooDeep,
  MalformedBody,
  RequestInvalid,
  TemporarilyUnavailable,
  ValueNotStorable,
} from '../problems/http.errors.js';
import { problemOfStatus, STATUS_OF_KIND } from '../problems/problem-of.js';
import { refusalsOf } from '../requests/refuses.decorator.js';

type PathItem = OpenAPIObject['paths'][string];
/** An operation of the document. */
export type Operation = NonNullable<PathItem['get']>;
type Responses = Operation['responses'];

/** Name of the bearer scheme in the document. */
export const BEARER = 'bearer';

/** What a route may answer before its own code is reached, by what it declares. */
function commonRefusals(route: Route): DomainErrorDeclaration[] {
  const access = accessOf(route.handler, route.controller);
  const withTenant = !isWithoutTenant(route.handler, route.controller);
  return [
    ...(route.inputs.length > 0 ? [RequestInvalid, ValueNotStorable] : []),
    ...(mayBringBody(route) ? [BodyTooDeep] : []),
    // Of bodies that are not JSON, and of escapes in the path that are not UTF-8.
    ...(mayBringBody(route) || hasPathParameters(route) ? [MalformedBody] : []),
    ...(withTenant ? [TenantRequired, TenantUnknown, TenantSuspended, TenantMismatch] : []),
    ...(access?.kind === 'public' ? [] : [AuthenticationRequired]),
    // On public routes a token only names the tenant; when it was to name one and does not hold, that is what is said.
    ...(access?.kind !== 'public' || withTenant ? [InvalidToken, TokenExpired] : []),
    ...(access?.kind === 'permission' ? [PermissionDenied] : []),
    ...(access?.kind === 'signed-in' && !access.withApiKey ? [SessionRequired] : []),
    // Of sessions in cookies.
    ...(isMutating(route) && (access?.kind === 'signed-in' || access?.kind === 'permission') ? [CsrfRefused] : []),
    ...keyRefusals(route),
    RateLimitExceeded,
    TemporarilyUnavailable,
  ];
}

/** What becomes of a route's `Idempotency-Key`. */
function keyRefusals(route: Route): DomainErrorDeclaration[] {
  if (!isMutating(route)) return [];
  if (ownUnitsOf(route.handler, route.controller)) return [IdempotencyKeyInvalid];
  return [
    IdempotencyKeyInvalid,
    ...(requiresIdempotencyKey(route.handler, route.controller) ? [IdempotencyKeyMissing] : []),
    IdempotencyKeyReused,
    RequestInProgress,
    AnswerNotKept,
  ];
}

/** A body is read, and refused when it cannot be, before anybody asks whether the route wants one. */
function mayBringBody(route: Route): boolean {
  return route.method !== 'GET';
}

function hasPathParameters(route: Route): boolean {
  return route.inputs.some(({ source }) => source === 'path');
}

/** Refusals without an error class: by the server itself, of bytes rather than of what they say. */
function bareStatuses(route: Route): number[] {
  return [408, ...(mayBringBody(route) ? [413, 415] : []), ...(hasPathParameters(route) ? [414] : []), 431, 500];
}

function problemContent(description: string): Responses[string] {
  return { description, content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}

/** The codes that a route may answer with, by status. */
export function refusedCodes(route: Route): ReadonlyMap<number, readonly string[]> {
  const refusals = [...commonRefusals(route), ...refusalsOf(route.handler, route.controller)];
  const byStatus = new Map<number, string[]>();
  for (const { code, kind } of refusals) {
    const codes = byStatus.get(STATUS_OF_KIND[kind]) ?? [];
    if (!codes.includes(code)) byStatus.set(STATUS_OF_KIND[kind], [...codes, code].sort());
  }
  for (const status of bareStatuses(route)) byStatus.set(status, [problemOfStatus(status).code]);
  return byStatus;
}

function problemResponses(route: Route): Responses {
  const responses = [...refusedCodes(route)].map(([status, codes]) => [
    String(status),
    problemContent(codes.map((code) => `\`${code}\` ${titleOf(code)}`).join('  \n')),
  ]);
  return Object.fromEntries(responses) as Responses;
}

const KEY_HEADER = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  schema: { type: 'string' as const, minLength: 1, maxLength: 257, example: '0198f6a2-6f3e-7d1c-9a51-8f0f6f2f9b11' },
};

const KEY_EFFECT =
  'The same key with the same request has one effect, and for 24 hours the same answer, with `Idempotency-Replayed: true`.';

/** Headers that routes of a kind take, defined once for all of them. */
export const HEADER_PARAMETERS = {
  IfMatch: {
    name: 'If-Match',
    in: 'header' as const,
    required: false,
    description: 'The `ETag` of the version that is to be changed, e.g. `"7"`. Without it, any version is.',
    schema: { type: 'string' as const },
  },
  IdempotencyKey: {
    ...KEY_HEADER,
    required: false,
    description: `Makes it safe to repeat the request: ${KEY_EFFECT}`,
  },
  IdempotencyKeyRequired: {
    ...KEY_HEADER,
    required: true,
    description: `Required here: a new UUID for each thing that is to happen once. ${KEY_EFFECT}`,
  },
  Tenant: {
    name: 'X-Tenant',
    in: 'header' as const,
    required: false,
    description: 'Slug of the tenant. Not needed on the tenant’s own host, nor with a token of the tenant.',
    schema: { type: 'string' as const },
  },
};

function headerParameters(route: Route): { $ref: string; description?: string }[] {
  const own = ownUnitsOf(route.handler, route.controller);
  const names: (keyof typeof HEADER_PARAMETERS)[] = [
    ...(refusalsOf(route.handler, route.controller).includes(PreconditionFailed) ? (['IfMatch'] as const) : []),
    ...(isMutating(route) ? [keyParameter(route)] : []),
    ...(isWithoutTenant(route.handler, route.controller) ? [] : (['Tenant'] as const)),
  ];
  return names.map((name) => ({
    $ref: `#/components/parameters/${name}`,
    // What stands beside a reference goes before what it refers to (OpenAPI 3.1).
    ...(own && name === 'IdempotencyKey' && { description: own.repeating }),
  }));
}

function keyParameter(route: Route): 'IdempotencyKey' | 'IdempotencyKeyRequired' {
  return requiresIdempotencyKey(route.handler, route.controller) ? 'IdempotencyKeyRequired' : 'IdempotencyKey';
}

/** Adds to an operation what the decorators of its route promise: who may call it, for which tenant, what it refuses. */
export function withExtras(operation: Operation, route: Route): Operation {
  const access = accessOf(route.handler, route.controller);
  const parameters = (operation.parameters ?? []).toSorted((a, b) => keyOf(a).localeCompare(keyOf(b), 'en'));
  return {
    ...operation,
    security: access?.kind === 'public' ? [] : [{ [BEARER]: [] }],
    parameters: [...parameters, ...headerParameters(route)],
    responses: { ...problemResponses(route), ...operation.responses },
    ...(access?.kind === 'permission' && { 'x-permissions': [...access.permissions] }),
  };
}

function keyOf(parameter: object): string {
  const { in: place = '', name = '' } = parameter as { in?: string; name?: string };
  return `${place}.${name}`;
}
