import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { RedisClients } from '#libs/redis';
import { FailoverRateLimiter } from './failover-rate-limiter.js';
import { LocalRateLimiter } from './local-rate-limiter.js';
import type { Limit, RateDecision, RateLimiter } from './rate-limiter.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** A limit that is decided later than this is decided locally; milliseconds. */
const DECISION_TIMEOUT_MS = 250;

/** The throttler's storage: our sliding window, in Redis or, while that is away, in this process. */
@Injectable()
export class RateLimitStorage implements ThrottlerStorage {
  private readonly limiter: RateLimiter;

  constructor(clients: RedisClients) {
    // The sessions' Redis evicts nothing. A connection of its own, because it has less patience than others.
    const redis = clients.open('sessions', 'rate-limits', { commandTimeoutMs: DECISION_TIMEOUT_MS });
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
