import { DomainError } from '#libs/kernel';

/** The access token is none of ours: forged, of another issuer or key, or cut short. */
export class InvalidToken extends DomainError {
  static readonly code = 'auth.invalid_token';
  static readonly kind = 'unauthenticated';
  constructor(options?: ErrorOptions) {
    super('The access token is not valid.', {}, options);
  }
}

/** The access token was ours and its time is over: use the refresh token. */
export class TokenExpired extends DomainError {
  static readonly code = 'auth.token_expired';
  static readonly kind = 'unauthenticated';
  constructor(options?: ErrorOptions) {
    super('The access token has expired. Ask for a new one with the refresh token.', {}, options);
  }
}

/** An API key was used where somebody must be signed in: it may not manage sessions, keys, or its user's account. */
export class SessionRequired extends DomainError {
  static readonly code = 'auth.session_required';
  static readonly kind = 'forbidden';
  constructor() {
    super('An API key cannot do this. Sign in.');
  }
}

/** The session of a cookie was used without its CSRF token, or from a page that is not ours. */
export class CsrfRefused extends DomainError {
  static readonly code = 'auth.csrf_refused';
  static readonly kind = 'forbidden';
  constructor() {
    super('Send the CSRF token in X-CSRF-Token, from a page whose origin this API allows.');
  }
}

/** A session in a cookie was asked for, and this installation gives none. */
export class CookiesOff extends DomainError {
  static readonly code = 'auth.cookies_off';
  static readonly kind = 'invalid';
  constructor() {
    super('This installation keeps no sessions in cookies. Use the tokens.');
  }
}

/** The caller is known and lacks a permission. */
export class PermissionDenied extends DomainError {
  static readonly code = 'auth.forbidden';
  static readonly kind = 'forbidden';
  constructor(missing: readonly string[]) {
    super(`You need the permission ${missing.join(', ')} for this.`, { missing: [...missing] });
  }
}

/** Header, host and token do not name the same tenant (issue 2, section 3). */
export class TenantMismatch extends DomainError {
  static readonly code = 'tenant.mismatch';
  static readonly kind = 'forbidden';
  constructor() {
    super('X-Tenant, the host name and the token name different tenants.');
  }
}

/** More passwords wait to be checked than this process will queue. */
export class PasswordChecksBusy extends DomainError {
  static readonly code = 'auth.busy';
  static readonly kind = 'unavailable';
  constructor() {
    super('Too many sign-ins at once. Try again shortly.', { retryAfterS: 1 });
  }
}
