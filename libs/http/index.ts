export { Public, RequiresPermission, SignedIn, WithoutTenant } from '#libs/auth';
export * from './problems/http.errors.js';
export { Answers } from './requests/answers.decorator.js';
export { etagOf, IfMatch, requireVersion, setETag, versionOfIfMatch } from './requests/entity-tag.js';
export { refusalsOf, Refuses } from './requests/refuses.decorator.js';
export * from './requests/schemas.js';
