import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_MAX, SharedLookups } from './shared-lookups.js';

/** What was read is used so long at most, so that a change holds within it; milliseconds. */
export const LOOKUP_FRESH_MS = 2_000;
/** From this age on what is in use is read again beside the requests, which do not wait for it. */
const RENEW_MS = 1_000;
/** What was not used for so long is not read again, and forgotten. */
const IN_USE_MS = 10_000;

interface Entry<V> {
  readonly value: V;
  /** When it was asked for: it may have changed since. */
  readonly readAt: number;
  usedAt: number;
}

/** How much is remembered, and for how long. */
export interface RenewedLookupsOptions {
  /** Keys remembered at most; beyond that, those that came first are forgotten. */
  readonly entriesMax: number;
  /**
   * What is older than it should be is waited for so long, then used as last known; milliseconds. Default: it is waited for
   * until it is there, and what reading it throws is thrown.
   */
  readonly patienceMs?: number;
}

/**
 * Look-ups by key of what nearly every request needs and what seldom changes, remembered for at most two seconds. What is in use
 * is read again once a second, all of it in few statements and beside the requests: that nothing is used for longer costs no
 * request a round trip, however many keys there are.
 */
export class RenewedLookups<V> {
  private entries = new Map<string, Entry<V>>();
  private readonly firsts: SharedLookups<V>;
  /** Keys that are being read for somebody who waits. */
  private asking = new Map<string, { readonly at: number; readonly found: Promise<V | undefined> }>();
  private renewing: { readonly since: number } | undefined;

  /** @param read gives what there is, by key */
  constructor(
    private readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
    private readonly options: RenewedLookupsOptions,
  ) {
    this.firsts = new SharedLookups(read);
  }

  /** What there is under a key, at once when it is remembered; undefined when there is nothing. @throws what `read` throws */
  find(key: string): V | Promise<V | undefined> {
    const now = performance.now();
    const entry = this.entries.get(key);
    if (!entry) return this.first(key);
    entry.usedAt = now;
    const age = now - entry.readAt;
    if (age >= RENEW_MS) this.renew();
    return age < LOOKUP_FRESH_MS ? entry.value : this.late(key, entry);
  }

  /** What was last known, however old. */
  lastKnown(key: string): V | undefined {
    return this.entries.get(key)?.value;
  }

  /** Forgets what is remembered: whoever asks next is given what is read after this. */
  forget(): void {
    // What is being read meanwhile is put into the maps that are gone.
    this.entries = new Map();
    this.asking = new Map();
  }

  /** One statement a second at most for one key: where answers are slow, more would only make them slower. */
  private first(key: string): Promise<V | undefined> {
    const at = performance.now();
    const asked = this.asking.get(key);
    if (asked && at - asked.at < RENEW_MS) return asked.found;
    const found = this.ask(key, at);
    this.asking.set(key, { at, found });
    return found;
  }

  private async ask(key: string, at: number): Promise<V | undefined> {
    const { entries, asking } = this;
    try {
      const value = await this.firsts.find(key);
      // What was asked for later, and answered sooner, is not set back.
      const known = entries.get(key);
      if (known && known.readAt > at) return known.value;
      if (value === undefined) entries.delete(key);
      else this.remember(entries, key, { value, readAt: at, usedAt: at });
      return value;
    } finally {
      if (asking.get(key)?.at === at) asking.delete(key);
    }
  }

  private late(key: string, { value }: Entry<V>): Promise<V | undefined> {
    const { patienceMs } = this.options;
    const found = this.first(key);
    return patienceMs === undefined ? found : Promise.race([found, sleep(patienceMs, value)]);
  }

  private remember(entries: Map<string, Entry<V>>, key: string, entry: Entry<V>): void {
    const { entriesMax } = this.options;
    entries.set(key, entry);
    if (entries.size <= entriesMax) return;
    // Some at a time: the first one of a map is found by passing over all that were deleted before it.
    for (const oldest of entries.keys()) {
      if (entries.size <= entriesMax * 0.9) return;
      entries.delete(oldest);
    }
  }

  /**
   * One at a time, however many requests ask for it, unless it has no answer for so long that there may never be one. Its failure
   * is nobody's: what is not renewed is soon too old.
   */
  private renew(): void {
    const since = performance.now();
    if (this.renewing && since - this.renewing.since < LOOKUP_FRESH_MS) return;
    const renewing = { since };
    this.renewing = renewing;
    void this.renewAll()
      .catch(() => undefined)
      .finally(() => {
        if (this.renewing === renewing) this.renewing = undefined;
      });
  }

  private async renewAll(): Promise<void> {
    const { entries } = this;
    const now = performance.now();
    for (const [key, { usedAt }] of entries) if (now - usedAt >= IN_USE_MS) entries.delete(key);
    const keys = [...entries.keys()];
    for (let from = 0; from < keys.length; from += BATCH_MAX) {
      await this.renewSome(entries, keys.slice(from, from + BATCH_MAX));
    }
  }

  private async renewSome(entries: Map<string, Entry<V>>, keys: readonly string[]): Promise<void> {
    const readAt = performance.now();
    const found = await this.read(keys);
    for (const key of keys) {
      const entry = entries.get(key);
      const value = found.get(key);
      if (value === undefined) entries.delete(key);
      // Somebody else may have read it meanwhile, and later.
      else if (entry && entry.readAt < readAt) entries.set(key, { value, readAt, usedAt: entry.usedAt });
    }
  }
}
