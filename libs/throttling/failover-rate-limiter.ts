import { logger } from '#libs/telemetry';
import { type RateDecision, RateLimiter } from './rate-limiter.js';

/** After a failure Redis is left alone this long, so that requests do not each wait for it to fail again. */
const PAUSE_MS = 1_000;

/**
 * Counts in Redis, and in this process while Redis is away: requests are then neither all refused nor unlimited
 * (requirement D2).
 */
export class FailoverRateLimiter extends RateLimiter {
  private pausedUntil = 0;
  private away = false;

  constructor(
    private readonly shared: RateLimiter,
    private readonly local: RateLimiter,
    private readonly now: () => number = Date.now,
  ) {
    super();
  }

  override async hit(key: string, limit: number): Promise<RateDecision> {
    if (this.now() < this.pausedUntil) return this.local.hit(key, limit);
    try {
      const decision = await this.shared.hit(key, limit);
      this.away = false;
      return decision;
    } catch (error) {
      this.pausedUntil = this.now() + PAUSE_MS;
      if (!this.away) logger().warn({ err: error }, 'rate limits are counted per process: redis does not answer');
      this.away = true;
      return this.local.hit(key, limit);
    }
  }
}
