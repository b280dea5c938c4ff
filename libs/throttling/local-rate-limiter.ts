import { BUCKET_MS, BUCKETS, type Limit, type RateDecision, RateLimiter } from './rate-limiter.js';

/** Keys remembered at most: about 10 MB when all are busy. Beyond that, those unused for longest are forgotten. */
const KEYS_MAX = 10_000;

/** Requests counted by second. Seconds were added in order of time. */
class Window {
  private readonly counts = new Map<number, number>();
  used = 0;

  /** Drops the seconds that have left the window. */
  advanceTo(current: number): void {
    for (const [bucket, count] of this.counts) {
      if (bucket >= current - BUCKETS) return;
      this.counts.delete(bucket);
      this.used -= count;
    }
  }

  count(current: number): void {
    this.counts.set(current, (this.counts.get(current) ?? 0) + 1);
    this.used += 1;
  }

  /** When so many have left that fewer than `threshold` remain. */
  resetAfterMs(threshold: number, now: number): number {
    let left = this.used;
    for (const [bucket, count] of this.counts) {
      left -= count;
      if (left < threshold) return Math.max(1, (bucket + BUCKETS + 1) * BUCKET_MS - now);
    }
    return BUCKET_MS;
  }
}

/** Counts in this process alone, by the same rules as Redis does. With n processes, n times the limit may pass. */
export class LocalRateLimiter extends RateLimiter {
  /** In the order of their last use. */
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly now: () => number = Date.now,
    private readonly keysMax = KEYS_MAX,
  ) {
    super();
  }

  /** Keys remembered right now. */
  get size(): number {
    return this.windows.size;
  }

  override async hit(limits: readonly Limit[]): Promise<RateDecision> {
    const now = this.now();
    const current = Math.floor(now / BUCKET_MS);
    const counted = limits.map(({ key, limit }) => ({ limit, window: this.windowOf(key, current) }));
    const rooms = counted.map(({ limit, window }) => limit - window.used);
    const tightest = rooms.indexOf(Math.min(...rooms));
    const room = rooms[tightest] ?? 0;
    if (room <= 0) return refusal(counted, now);
    for (const { window } of counted) window.count(current);
    const resetAfterMs = counted[tightest]?.window.resetAfterMs(counted[tightest].window.used, now) ?? BUCKET_MS;
    return { allowed: true, tightest, remaining: room - 1, atMs: now, resetAfterMs };
  }

  /** The window of a key at this time; the key is now the one used last. */
  private windowOf(key: string, current: number): Window {
    const window = this.windows.get(key) ?? new Window();
    window.advanceTo(current);
    this.windows.delete(key);
    this.windows.set(key, window);
    const [unusedForLongest] = this.windows.keys();
    if (this.windows.size > this.keysMax && unusedForLongest !== undefined) this.windows.delete(unusedForLongest);
    return window;
  }
}

/** Of the limits that are exhausted, the one that has room last is the one to wait for. */
function refusal(counted: readonly { limit: number; window: Window }[], atMs: number): RateDecision {
  let [tightest, resetAfterMs] = [0, 0];
  counted.forEach(({ limit, window }, index) => {
    if (window.used < limit) return;
    const reset = window.resetAfterMs(limit, atMs);
    if (reset > resetAfterMs) [tightest, resetAfterMs] = [index, reset];
  });
  return { allowed: false, tightest, remaining: 0, atMs, resetAfterMs };
}
