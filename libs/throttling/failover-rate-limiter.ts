import { counter, logger } from '#libs/telemetry';
import { type Limit, type RateDecision, RateLimiter } from './rate-limiter.js';

/** After a failure Redis is asked so often, by one request, while the others are counted here. */
const PAUSE_MS = 1_000;

const countedLocally = counter(
  'quoin_rate_limit_local_decisions_total',
  'Requests whose rate limits were counted per process because Redis did not answer',
);

/**
 * Counts in Redis, and in this process while Redis is away: requests are then neither all refused nor unlimited
 * (requirement D2).
 */
export class FailoverRateLimiter extends RateLimiter {
  /** While Redis is away: when it is asked again. */
  private askAgainAt: number | undefined;

  constructor(
    private readonly shared: RateLimiter,
    private readonly local: RateLimiter,
    private readonly now: () => number = () => performance.now(),
  ) {
    super();
  }

  override hit(limits: readonly Limit[]): Promise<RateDecision> {
    if (this.askAgainAt === undefined) return this.ask(limits);
    if (this.now() < this.askAgainAt) return this.countHere(limits);
    this.askAgainAt = this.now() + PAUSE_MS;
    return this.ask(limits);
  }

  private async ask(limits: readonly Limit[]): Promise<RateDecision> {
    try {
      const decision = await this.shared.hit(limits);
      this.askAgainAt = undefined;
      return decision;
    } catch (error) {
      if (this.askAgainAt === undefined) {
        logger().warn({ err: error }, 'rate limits are counted per process: redis does not answer');
      }
      this.askAgainAt = this.now() + PAUSE_MS;
      return this.countHere(limits);
    }
  }

  private countHere(limits: readonly Limit[]): Promise<RateDecision> {
    countedLocally.inc();
    return this.local.hit(limits);
  }
}
