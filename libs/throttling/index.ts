export { LoginLimit, RegistrationLimit, ResetLimit, SearchLimit, Unlimited } from './limit.decorators.js';
export { LIMIT_NAMES, type LimitName, PER_MINUTE_MAX, type RateLimitTable } from './limits/limit-names.js';
export { LocalRateLimiter } from './local-rate-limiter.js';
export { networkOf } from './rate-limit-key.js';
export { RateLimits } from './limits/rate-limits.js';
export { RateLimitGuard } from './rate-limit.guard.js';
export { RateLimitExceeded } from './throttling.errors.js';
export { throttlingSchema } from './schema.js';
export { ThrottlingModule } from './throttling.module.js';
