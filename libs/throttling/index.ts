export { LoginLimit, Unlimited } from './limit.decorators.js';
export { RateLimitGuard } from './rate-limit.guard.js';
export { rateLimitKey, type RateLimitSubject } from './rate-limit-key.js';
export { type RateDecision, RateLimiter } from './rate-limiter.js';
export { LocalRateLimiter } from './local-rate-limiter.js';
export { RedisRateLimiter } from './redis-rate-limiter.js';
export { RateLimitExceeded } from './throttling.errors.js';
export { ThrottlingModule } from './throttling.module.js';
