import { DomainError } from '#libs/kernel';

/** More requests in a minute than the route allows. Sent with `Retry-After`. */
export class RateLimitExceeded extends DomainError {
  static readonly code = 'rate_limit.exceeded';
  static readonly kind = 'too_many_requests';
  constructor(limit: number, retryAfterS: number) {
    super(`You may ask this ${limit} times a minute. Try again in ${retryAfterS} s.`, { limit, retryAfterS });
  }
}
