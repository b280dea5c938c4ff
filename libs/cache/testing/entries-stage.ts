import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { redisClient } from '#libs/redis';
import type { Redis } from 'ioredis';
import { type SourceBounds, SOURCE_DEFAULTS } from '../cache.options.js';
import { CacheKeys } from '../entries/cache-keys.js';
import { type EntryRef, EntryStore } from '../entries/entry-store.js';
import { type MakeForms, TaggedEntries } from '../entries/tagged-entries.js';
import { SourceGate } from '../source/source-gate.js';

/** Entries as one process has them: a connection, leases and rounds of its own. */
export interface EntriesStage {
  readonly entries: TaggedEntries;
  readonly store: EntryStore;
  readonly keys: CacheKeys;
  readonly redis: Redis;
  /** An entry of some tenant. */
  ref(key: string, tags: readonly string[], times?: Partial<Pick<EntryRef, 'freshMs' | 'staleMs'>>): EntryRef;
  close(): void;
}

/** What a stage may want otherwise. */
export interface EntriesStageOptions {
  readonly source?: Partial<SourceBounds>;
  readonly tenantId?: string;
  /** A store with a fault, for mutations. */
  readonly storeOn?: (redis: Redis) => EntryStore;
}

/** Opens entries on a Redis. Close them when the spec ends. */
export async function entriesFor(url: string, options: EntriesStageOptions = {}): Promise<EntriesStage> {
  const { source = {}, tenantId = randomUUID(), storeOn = (client) => new EntryStore(client) } = options;
  const redis = redisClient(url, 'cache-spec', { commandTimeoutMs: 250 });
  await once(redis, 'ready');
  const keys = new CacheKeys('test:');
  const store = storeOn(redis);
  return {
    redis,
    keys,
    store,
    entries: new TaggedEntries(store, new SourceGate({ ...SOURCE_DEFAULTS, ...source })),
    ref: (key, tags, { freshMs = 60_000, staleMs = 0 } = {}) => ({
      name: 'spec',
      tenantId,
      key: keys.entry(tenantId, key),
      tagKeys: keys.tags(tenantId, tags),
      freshMs,
      staleMs,
    }),
    close: () => redis.disconnect(),
  };
}

/** A text, of which a source that has read it makes its only form. */
export function formsWith(text: string): MakeForms {
  return async () => ({ etag: '', variants: [{ suffix: '', encoding: 'identity', payload: Buffer.from(text) }] });
}

/** The text again. */
export function valueIn({ payload }: { readonly payload: Buffer }): string {
  return payload.toString();
}
