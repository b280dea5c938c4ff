import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { RedisClients } from '#libs/redis';
import { FailoverRateLimiter } from './failover-rate-limiter.js';
import { LocalRateLimiter } from './local-rate-limiter.js';
import type { Limit, RateDecision, RateLimiter } from './rate-limiter.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** The throttler's storage: our sliding window, in Redis or, while that is away, in this process. */
@Injectable()
export class RateLimitStorage implements ThrottlerStorage {
  private readonly limiter: RateLimiter;

  constructor(clients: RedisClients) {
    // The sessions' Redis evicts nothing. What is decided later than its clients wait is decided locally.
    const redis = clients.forRequests('sessions');
    this.limiter = new FailoverRateLimiter(new RedisRateLimiter(redis), new LocalRateLimiter());
  }

  /** Counts one request under all of its limits, or under none. */
  hit(limits: readonly Limit[]): Promise<RateDecision> {
    return this.limiter.hit(limits);
  }

  /** What the throttler asks about a single limit; the window is always a minute. Times are seconds, rounded up. */
  async increment(key: string, _ttl: number, limit: number): Promise<ThrottlerRecord> {
    const { allowed, remaining, resetAfterMs } = await this.hit([{ key, limit }]);
    const seconds = Math.ceil(resetAfterMs / 1_000);
    return {
      totalHits: limit - remaining,
      timeToExpire: seconds,
      isBlocked: !allowed,
      timeToBlockExpire: allowed ? 0 : seconds,
    };
  }
}
