export {
  accessOf,
  isWithoutTenant,
  OperatorOnly,
  Public,
  RequiresPermission,
  type RouteAccess,
  type RouteTarget,
  SignedIn,
  WithoutTenant,
} from './access.decorators.js';
export { type AccessClaims, AccessTokens } from './access-tokens.js';
export { InvalidToken, PasswordChecksBusy, PermissionDenied, TenantMismatch, TokenExpired } from './auth.errors.js';
export { AuthModule } from './auth.module.js';
export { AuthenticationGuard, PermissionGuard, SessionLookAheadGuard, TenantGuard } from './guards.js';
export { hashOpaqueToken, newOpaqueToken, type OpaqueToken } from './opaque-token.js';
export { type OperatorClaims, OperatorTokens } from './operator-tokens.js';
export { PasswordHasher } from './password-hasher.js';
export { OperatorVerifier, SessionVerifier, TenantLookup } from './ports.js';
export { RequestTenant } from './request-tenant.js';
export { hasCredentials, RequestToken } from './request-token.js';
export { type IssuedToken, type TokenContents, type TokenKind, TokenSigner } from './token-signer.js';
