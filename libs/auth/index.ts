export {
  accessOf,
  isWithoutTenant,
  Public,
  RequiresPermission,
  type RouteAccess,
  type RouteTarget,
  SignedIn,
  WithoutTenant,
} from './access.decorators.js';
export { type AccessClaims, AccessTokens, type IssuedToken } from './access-tokens.js';
export { InvalidToken, PasswordChecksBusy, PermissionDenied, TenantMismatch, TokenExpired } from './auth.errors.js';
export { AuthModule } from './auth.module.js';
export { AuthenticationGuard, PermissionGuard, TenantGuard } from './guards.js';
export { hashOpaqueToken, newOpaqueToken, type OpaqueToken } from './opaque-token.js';
export { PasswordHasher } from './password-hasher.js';
export { SessionVerifier, TenantLookup } from './ports.js';
export { RequestTenant } from './request-tenant.js';
export { RequestToken } from './request-token.js';
