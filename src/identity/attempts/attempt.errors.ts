import { DomainError } from '#libs/kernel';

/** Too many wrong passwords or codes for one account, whether it exists or not. */
export class TooManyAttempts extends DomainError {
  static readonly code = 'auth.too_many_attempts';
  static readonly kind = 'too_many_requests';
  constructor(retryAfterS: number) {
    super('Too many failed attempts for this account. Wait before you try again.', { retryAfterS });
  }
}
