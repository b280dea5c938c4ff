import { DomainError } from '#libs/kernel';
import type { SecondFactorChallenge } from './second-factor-check.js';

/** Unknown e-mail, wrong password, disabled user: deliberately one answer (OWASP: no user enumeration). */
export class CredentialsRefused extends DomainError {
  static readonly code = 'auth.credentials_refused';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('E-mail and password do not match an active user of this tenant.');
  }
}

/** The password was right, and the user has a second factor: answer the challenge to get a session. */
export class SecondFactorRequired extends DomainError {
  static readonly code = 'auth.second_factor_required';
  static readonly kind = 'unauthenticated';
  constructor({ challenge, methods, expiresInS }: SecondFactorChallenge) {
    super('Answer the challenge with your second factor.', { challenge, methods: [...methods], expiresIn: expiresInS });
  }
}

/** The refresh token is unknown, used, or its session has ended. */
export class RefreshRefused extends DomainError {
  static readonly code = 'auth.refresh_refused';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('This refresh token is not valid any more. Sign in with your password.');
  }
}

/** There is no such session, or it is somebody else's. */
export class SessionNotFound extends DomainError {
  static readonly code = 'session.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`You have no session ${id}. List your sessions to find the right one.`, { id });
  }
}

/** The session of the access token was revoked, has ended, or its user is disabled. */
export class SessionEnded extends DomainError {
  static readonly code = 'auth.session_ended';
  static readonly kind = 'unauthenticated';
  constructor() {
    super('This session has ended. Sign in again.');
  }
}
