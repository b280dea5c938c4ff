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
export {
  CookiesOff,
  CsrfRefused,
  InvalidToken,
  PasswordChecksBusy,
  PermissionDenied,
  SessionRequired,
  TenantMismatch,
  TokenExpired,
} from './auth.errors.js';
export { type ApiKeyClaims, newApiKey, readApiKey } from './api-key.js';
export { AuthModule } from './auth.module.js';
export { AuthenticationGuard, PermissionGuard, requireSession, SessionLookAheadGuard, TenantGuard } from './guards.js';
export { hashOpaqueToken, newOpaqueToken, type OpaqueToken } from './opaque-token.js';
export { type OperatorClaims, OperatorTokens } from './operator-tokens.js';
export { PasswordHasher } from './password-hasher.js';
export { OwnershipPolicy, type OwnershipRules, type Reach } from './policy.js';
export { ApiKeyVerifier, OperatorVerifier, SessionVerifier, TenantLookup } from './ports.js';
export { RequestTenant } from './request-tenant.js';
export { hasCredentials, type RequestClaims, RequestToken } from './request-token.js';
export { SessionCookies } from './session-cookies.js';
export { type IssuedToken, type TokenContents, type TokenKind, TokenSigner } from './token-signer.js';
