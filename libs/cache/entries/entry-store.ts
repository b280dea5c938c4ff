import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { BatchedReads, type Values } from './batched-reads.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { type Envelope, packed, type PayloadEncoding, unpacked } from './envelope.js';
import { ABANDON_FILL, BEGIN_FILL, COMMIT_FILL } from './fill-scripts.js';

/** An entry by its keys. */
export interface EntryRef {
  /** What metrics call entries of this kind. */
  readonly name: string;
  readonly tenantId: string;
  readonly key: string;
  readonly tagKeys: readonly string[];
  readonly freshMs: number;
  /** How much longer it may be served while somebody reads it anew; 0: not at all. */
  readonly staleMs: number;
}

/** One form of what was read: as JSON, packed, or its entity tag alone. Stored under a key of its own. */
export interface Variant {
  /** Behind the entry's key: empty, or begins with `#`. */
  readonly suffix: string;
  readonly encoding: PayloadEncoding;
  readonly payload: Buffer;
}

/** What was read from the source, in every form in which it will be asked for. */
export interface Filling {
  readonly etag: string;
  readonly variants: readonly Variant[];
}

/** What a look into the cache found. */
export type Seen =
  | ({ readonly state: 'fresh' | 'stale' } & Envelope)
  | { readonly state: 'miss' }
  /** Redis does not answer. */
  | { readonly state: 'away' };

/** The right to fill an entry, and the tags' tokens from before the source was read. */
export interface FillLease {
  readonly filler: string;
  readonly tokens: string;
}

/** A filler that takes longer is not waited for, and may not store; milliseconds. */
export const LEASE_MS = 5_000;
/** Tags outlive every entry that names them. Without its tag an entry counts as flushed. */
const TAG_MS = 2 * 86_400_000;
const TOKEN_BYTES = 12;
const LEASE_SUFFIX = '#lease';

const AWAY: Seen = { state: 'away' };
const MISS: Seen = { state: 'miss' };

/** Entries, tags and leases in Redis. */
export class EntryStore {
  private readonly reads: BatchedReads;

  constructor(
    private readonly redis: Redis,
    private readonly breaker: CircuitBreaker = new CircuitBreaker(),
    private readonly now: () => number = Date.now,
  ) {
    this.reads = new BatchedReads(redis);
  }

  /** Looks at one form of an entry, together with its tags: one command, one round trip, shared with other looks. */
  async look(ref: EntryRef, suffix = ''): Promise<Seen> {
    const key = ref.key + suffix;
    let values: Values;
    try {
      values = await this.breaker.run(() => this.reads.read(key, ref.tagKeys));
    } catch {
      return AWAY;
    }
    const bytes = values.get(key);
    const envelope = bytes ? unpacked(bytes) : undefined;
    if (!envelope || envelope.head.tokens !== tokensIn(values, ref.tagKeys)) return MISS;
    return { state: this.now() < envelope.head.freshUntilMs ? 'fresh' : 'stale', ...envelope };
  }

  /**
   * Takes the lease, unless another filler has it or the form under `suffix` was filled meanwhile.
   * @throws when Redis does not answer
   */
  async begin(ref: EntryRef, suffix = ''): Promise<FillLease | 'busy' | 'filled'> {
    const filler = randomBytes(TOKEN_BYTES).toString('base64url');
    const keys = [ref.key + LEASE_SUFFIX, ref.key + suffix, ...ref.tagKeys];
    const values = [filler, LEASE_MS, TAG_MS, filler, this.now()];
    const answer = await this.breaker.run(() => BEGIN_FILL.run(this.redis, keys, values));
    const [outcome, tokens] = answer as [number, string];
    if (outcome === 1) return { filler, tokens };
    return outcome === 2 ? 'filled' : 'busy';
  }

  /** Stores what was read under a lease; false when the lease was lost. @throws when Redis does not answer */
  async commit(ref: EntryRef, lease: FillLease, { etag, variants }: Filling): Promise<boolean> {
    const freshUntilMs = this.now() + ref.freshMs;
    const entries = variants.map(({ encoding, payload }) =>
      packed({ freshUntilMs, encoding, etag, tokens: lease.tokens }, payload),
    );
    const keys = [ref.key + LEASE_SUFFIX, ...variants.map(({ suffix }) => ref.key + suffix)];
    const values = [heldAs(lease), ref.freshMs + ref.staleMs, ...entries];
    return (await this.breaker.run(() => COMMIT_FILL.run(this.redis, keys, values))) === 1;
  }

  /** Gives a lease back unused. @throws when Redis does not answer */
  async abandon(ref: EntryRef, lease: FillLease): Promise<void> {
    await this.breaker.run(() => ABANDON_FILL.run(this.redis, [ref.key + LEASE_SUFFIX], [heldAs(lease)]));
  }

  /** Removes a value, and the right to store it from whoever is reading it. @throws when Redis does not answer */
  async forget(key: string): Promise<void> {
    await this.breaker.run(() => this.redis.unlink(key, key + LEASE_SUFFIX));
  }

  /**
   * Makes every entry that names one of the tags worthless: O(1) a tag, however many entries. Entries name tokens; a tag
   * that is gone gets a token that never was. @throws when Redis does not answer
   */
  async flush(tagKeys: readonly string[]): Promise<void> {
    // Not through the breaker's refusals: whoever flushes wants to know whether it was done.
    await this.redis.unlink(...tagKeys);
  }
}

function heldAs({ filler, tokens }: FillLease): string {
  return `${filler} ${tokens}`;
}

/** As an entry notes them; undefined when one is missing. */
function tokensIn(values: Values, tagKeys: readonly string[]): string | undefined {
  let text = '';
  for (const tagKey of tagKeys) {
    const token = values.get(tagKey);
    if (!token) return undefined;
    text = text === '' ? token.toString('latin1') : `${text},${token.toString('latin1')}`;
  }
  return text;
}
