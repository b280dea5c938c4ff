import { BUCKET_MS, BUCKETS, type RateDecision, RateLimiter } from './rate-limiter.js';

/** Keys remembered at most: about 10 MB when all are busy. Beyond that, those unused for longest are forgotten. */
const KEYS_MAX = 10_000;

type Counts = Map<number, number>;

/** Counts in this process alone, by the same rules as Redis does. With n processes, n times the limit may pass. */
export class LocalRateLimiter extends RateLimiter {
  /** In the order of their last use. */
  private readonly keys = new Map<string, Counts>();

  constructor(
    private readonly now: () => number = Date.now,
    private readonly keysMax = KEYS_MAX,
  ) {
    super();
  }

  /** Keys remembered right now. */
  get size(): number {
    return this.keys.size;
  }

  override async hit(key: string, limit: number): Promise<RateDecision> {
    const now = this.now();
    const current = Math.floor(now / BUCKET_MS);
    const counts = this.countsOf(key, current - BUCKETS);
    let before = 0;
    for (const count of counts.values()) before += count;
    const allowed = before < limit;
    if (allowed) counts.set(current, (counts.get(current) ?? 0) + 1);
    const used = before + (allowed ? 1 : 0);
    return { allowed, used, atMs: now, resetAfterMs: resetAfter(counts, used, Math.min(limit, used), now) };
  }

  /** The counts of a key without those that have left the window; the key is now the one used last. */
  private countsOf(key: string, oldest: number): Counts {
    const counts = this.keys.get(key) ?? new Map<number, number>();
    for (const bucket of counts.keys()) if (bucket < oldest) counts.delete(bucket);
    this.keys.delete(key);
    this.keys.set(key, counts);
    const [unusedForLongest] = this.keys.keys();
    if (this.keys.size > this.keysMax && unusedForLongest !== undefined) this.keys.delete(unusedForLongest);
    return counts;
  }
}

/** When so many have left the window that fewer than `threshold` remain. Buckets were added in order of time. */
function resetAfter(counts: Counts, used: number, threshold: number, now: number): number {
  let left = used;
  for (const [bucket, count] of counts) {
    left -= count;
    if (left < threshold) return Math.max(1, (bucket + BUCKETS + 1) * BUCKET_MS - now);
  }
  return BUCKET_MS;
}
