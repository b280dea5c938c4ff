import { logger } from '#libs/telemetry';

/** Failures in a row after which Redis is left alone. */
const FAILURES_MAX = 5;
/** How long, before one command tries again; milliseconds. */
const PAUSE_MS = 1_000;

/** Redis is left alone for the moment. Never leaves libs/cache. */
export class CacheAway extends Error {
  override readonly name = 'CacheAway';
}

/**
 * Keeps readers from waiting, each anew, for a Redis that does not answer: after some failures in a row commands are
 * refused at once, and once a second a single one finds out whether it is back.
 */
export class CircuitBreaker {
  private failures = 0;
  private closedFrom = 0;

  constructor(private readonly now: () => number = Date.now) {}

  get isOpen(): boolean {
    return this.failures >= FAILURES_MAX && this.now() < this.closedFrom;
  }

  /** Runs a command. @throws CacheAway without running it, or what it throws */
  async run<T>(command: () => Promise<T>): Promise<T> {
    if (this.failures >= FAILURES_MAX) this.admitOne();
    try {
      const answer = await command();
      if (this.failures >= FAILURES_MAX) logger().info('the cache answers again');
      this.failures = 0;
      return answer;
    } catch (error) {
      this.failures += 1;
      if (this.failures === FAILURES_MAX) logger().warn({ err: error }, 'the cache does not answer: the source does');
      this.closedFrom = this.now() + PAUSE_MS;
      throw error;
    }
  }

  private admitOne(): void {
    const now = this.now();
    if (now < this.closedFrom) throw new CacheAway('the cache is left alone');
    // The next ones are refused until this one has found out.
    this.closedFrom = now + PAUSE_MS;
  }
}
