import { setTimeout as sleep } from 'node:timers/promises';
import { readingFromPrimary } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { logger } from '#libs/telemetry';
import { CacheMetrics } from '../cache-metrics.js';
import { ENTRY_BYTES_MAX } from '../cache.options.js';
import { Flights } from '../source/flights.js';
import type { SourceGate } from '../source/source-gate.js';
import type { PayloadEncoding } from './envelope.js';
import { type EntryRef, type EntryStore, type Filling, type FillLease, LEASE_MS, type Seen } from './entry-store.js';

/** One form of an entry, ready to be used. */
export interface Served {
  readonly etag: string;
  readonly encoding: PayloadEncoding;
  readonly payload: Buffer;
}

/**
 * Reads the source, in its turn, and gives what makes all forms of it, which nobody waits for a turn behind. It must not depend
 * on who asks: whoever else asks gets the same.
 */
export type Source = () => Promise<MakeForms>;

/** @param kept false where the cache is away: forms that cost something to make need not be made */
export type MakeForms = (kept: boolean) => Promise<Filling>;

/** Another process is reading the source: it is waited for this long, then the source is read without it. */
const WAIT_FOR_OTHERS_MS = 1_000;
const POLL_FIRST_MS = 4;
const POLL_MAX_MS = 50;

/**
 * Entries that are read from Redis or, once for all who ask at the same time, from their source.
 *
 * What is answered was never read before a flush that had ended when the question came: tokens of the tags are taken
 * before the source is read and compared with every look. The exception is told in the README: a Redis that was away.
 */
export class TaggedEntries {
  private readonly flights = new Flights();
  /** What this process reads anew while the stale form is served, and until when its lease holds. */
  private readonly refreshing = new Map<string, number>();

  constructor(
    private readonly store: EntryStore,
    private readonly gate: SourceGate,
  ) {}

  /** Looks into the cache, and counts. One round trip. */
  async look(ref: EntryRef, suffix: string): Promise<Seen> {
    const seen = await this.store.look(ref, suffix);
    CacheMetrics.of(ref.name).countRead(seen.state === 'fresh' ? 'hit' : seen.state);
    return seen;
  }

  /**
   * Takes what is stale for good while somebody reads it anew; the lease to do so falls to one caller at a time. Without
   * Redis nobody gets it.
   */
  async leaseToRefresh(ref: EntryRef, suffix: string): Promise<FillLease | undefined> {
    if ((this.refreshing.get(ref.key) ?? 0) > Date.now()) return undefined;
    this.refreshing.set(ref.key, Date.now() + LEASE_MS);
    const lease = await this.store.begin(ref, suffix).catch(() => 'busy' as const);
    if (typeof lease !== 'string') return lease;
    this.refreshing.delete(ref.key);
    return undefined;
  }

  /** Reads the source under a lease that was taken for a stale entry, which serves on if the source is away. */
  async refresh(ref: EntryRef, suffix: string, lease: FillLease, stale: Served, source: Source): Promise<Served> {
    try {
      return formOf(await this.fill(ref, lease, source), suffix);
    } catch (error) {
      // A refusal is an answer, such as that the thing is gone.
      if (error instanceof DomainError && error.kind !== 'unavailable') throw error;
      logger().warn({ err: error, cache: ref.name }, 'served stale: its source does not answer');
      return stale;
    } finally {
      this.refreshing.delete(ref.key);
    }
  }

  /** After a miss: from whoever is reading the source already, or from the source. @throws SourceBusy and what it throws */
  async obtain(ref: EntryRef, suffix: string, source: Source): Promise<Served> {
    const filling = await this.flights.share(ref.key, () => this.filled(ref, suffix, source));
    if (filling) return formOf(filling, suffix);
    // Another process has filled it: look for the form that is wanted here.
    const seen = await this.store.look(ref, suffix);
    if (seen.state === 'fresh' || seen.state === 'stale') return servedFrom(seen);
    return formOf(await this.alone(ref, source), suffix);
  }

  /** Undefined when it is in the cache by now. */
  private async filled(ref: EntryRef, suffix: string, source: Source): Promise<Filling | undefined> {
    const giveUpAt = Date.now() + WAIT_FOR_OTHERS_MS;
    for (let pauseMs = POLL_FIRST_MS; Date.now() < giveUpAt; pauseMs = Math.min(pauseMs * 2, POLL_MAX_MS)) {
      const lease = await this.store.begin(ref, suffix).catch(() => 'away' as const);
      if (lease === 'filled') return undefined;
      if (lease === 'away') break;
      if (lease !== 'busy') return this.fill(ref, lease, source);
      await sleep(pauseMs);
    }
    return this.alone(ref, source);
  }

  private async fill(ref: EntryRef, lease: FillLease, source: Source): Promise<Filling> {
    let filling: Filling;
    try {
      // What a replica shows may be from before a flush, and would be kept.
      filling = await this.read(ref, source, true);
    } catch (error) {
      CacheMetrics.of(ref.name).countFill('failed');
      // Where it cannot be given back, it runs out by itself.
      await this.store.abandon(ref, lease).catch(() => undefined);
      throw error;
    }
    await this.keep(ref, lease, filling);
    return filling;
  }

  private async keep(ref: EntryRef, lease: FillLease, filling: Filling): Promise<void> {
    const metrics = CacheMetrics.of(ref.name);
    const tooLarge = filling.variants.some(({ payload }) => payload.byteLength > ENTRY_BYTES_MAX);
    try {
      if (tooLarge) await this.store.abandon(ref, lease);
      const stored = !tooLarge && (await this.store.commit(ref, lease, filling));
      metrics.countFill(stored ? 'stored' : tooLarge ? 'large' : 'lost');
    } catch {
      // Said by the circuit breaker. What was read is an answer, kept or not.
      metrics.countFill('lost');
    }
  }

  /** Reads the source and keeps nothing. */
  private async alone(ref: EntryRef, source: Source): Promise<Filling> {
    CacheMetrics.of(ref.name).countFill('alone');
    return this.read(ref, source, false);
  }

  private async read(ref: EntryRef, source: Source, kept: boolean): Promise<Filling> {
    const stop = CacheMetrics.of(ref.name).timeFill();
    try {
      // What a replica has not replayed yet would be kept, or given to somebody who has seen more.
      const makeForms = await this.gate.run(ref.tenantId, () => readingFromPrimary(source));
      return await makeForms(kept);
    } finally {
      stop();
    }
  }
}

/** What was found, without the cache's own notes. */
export function servedFrom({ head, payload }: Extract<Seen, { state: 'fresh' | 'stale' }>): Served {
  return { etag: head.etag, encoding: head.encoding, payload };
}

/** The form under a suffix. */
export function formOf({ etag, variants }: Filling, suffix: string): Served {
  const form = variants.find((variant) => variant.suffix === suffix);
  if (!form) throw new Error(`nothing was made for ${suffix}`);
  return { etag, encoding: form.encoding, payload: form.payload };
}
