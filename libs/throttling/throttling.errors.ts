import { DomainError } from '#libs/kernel';
import type { LimitName } from './limits/limit-names.js';

/** More requests in a minute than one of the limits allows. Sent with `Retry-After`. */
export class RateLimitExceeded extends DomainError {
  static readonly code = 'rate_limit.exceeded';
  static readonly kind = 'too_many_requests';
  constructor(name: LimitName, limit: number, retryAfterS: number) {
    const what = name === 'tenant' ? 'This tenant may ask' : 'You may ask this';
    super(`${what} ${limit} times a minute. Try again in ${retryAfterS} s.`, { name, limit, retryAfterS });
  }
}

/** There is no such plan. */
export class PlanUnknown extends DomainError {
  static readonly code = 'plan.unknown';
  static readonly kind = 'not_found';
  constructor(plan: string) {
    super(`There is no plan ${plan}.`, { plan });
  }
}
