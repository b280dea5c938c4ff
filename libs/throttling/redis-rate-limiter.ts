import type { Redis } from 'ioredis';
import { BUCKET_MS, BUCKETS, type Limit, type RateDecision, RateLimiter } from './rate-limiter.js';
import { WINDOW_SCRIPT, WINDOW_SCRIPT_SHA } from './window-script.js';

/** Requests decided by one run of the script at most: Redis serves nobody else meanwhile. */
const BATCH_MAX = 64;

/** What is between the braces of a key: in a cluster, keys with the same one live together. */
const HASH_TAG = /\{([^}]+)\}/;

interface Waiting {
  readonly limits: readonly Limit[];
  readonly resolve: (decision: RateDecision) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counts in Redis, for all processes together. A request is decided in one round trip however many limits it has, and the
 * requests that arrive in the same turn of the event loop share it: they are counted one after the other, in their order.
 */
export class RedisRateLimiter extends RateLimiter {
  private readonly batches = new Map<string, Waiting[]>();
  private flushing = false;

  /** @param bucketMs a sixtieth of the window; other than a second in tests only */
  constructor(
    private readonly redis: Redis,
    private readonly bucketMs = BUCKET_MS,
  ) {
    super();
  }

  override hit(limits: readonly Limit[]): Promise<RateDecision> {
    return new Promise((resolve, reject) => this.enqueue({ limits, resolve, reject }));
  }

  private enqueue(waiting: Waiting): void {
    const slot = this.slotOf(waiting.limits);
    const batch = this.batches.get(slot);
    if (!batch) this.batches.set(slot, [waiting]);
    else if (batch.push(waiting) === BATCH_MAX) {
      this.batches.delete(slot);
      void this.decide(batch);
    }
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => this.flush());
  }

  /** One server takes any keys in one script; the nodes of a cluster only those of one tenant. */
  private slotOf(limits: readonly Limit[]): string {
    if (!this.redis.isCluster) return '';
    return HASH_TAG.exec(limits[0]?.key ?? '')?.[1] ?? '';
  }

  private flush(): void {
    const batches = [...this.batches.values()];
    this.batches.clear();
    this.flushing = false;
    for (const batch of batches) void this.decide(batch);
  }

  /** Never rejects: whoever waits is told. */
  private async decide(batch: readonly Waiting[]): Promise<void> {
    try {
      const { keys, numbers } = statementOf(batch);
      const answer = await this.run(keys, [this.bucketMs, BUCKETS, ...numbers]);
      batch.forEach(({ resolve }, index) => resolve(decisionAt(answer, index)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  private async run(keys: readonly string[], numbers: readonly number[]): Promise<readonly number[]> {
    try {
      return (await this.redis.evalsha(WINDOW_SCRIPT_SHA, keys.length, ...keys, ...numbers)) as number[];
    } catch (error) {
      // A Redis that started anew, or took over, has not seen the script yet.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await this.redis.eval(WINDOW_SCRIPT, keys.length, ...keys, ...numbers)) as number[];
    }
  }
}

/** Each key once, however many requests of the batch it counts. */
function statementOf(batch: readonly Waiting[]): { readonly keys: readonly string[]; readonly numbers: number[] } {
  const positions = new Map<string, number>();
  const numbers: number[] = [];
  for (const { limits } of batch) {
    numbers.push(limits.length);
    for (const { key, limit } of limits) {
      let position = positions.get(key);
      if (position === undefined) positions.set(key, (position = positions.size + 1));
      numbers.push(position, limit);
    }
  }
  return { keys: [...positions.keys()], numbers };
}

/** The answer: the time, then four numbers a request. */
function decisionAt(answer: readonly number[], index: number): RateDecision {
  const at = 1 + 4 * index;
  const reset = answer[at + 3];
  if (reset === undefined) throw new Error('the rate limit script answered for fewer requests than were asked');
  return {
    allowed: answer[at] === 1,
    tightest: (answer[at + 1] ?? 1) - 1,
    remaining: answer[at + 2] ?? 0,
    atMs: answer[0] ?? 0,
    resetAfterMs: Math.max(1, reset),
  };
}
