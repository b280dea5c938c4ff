import { once } from 'node:events';
import { redisClient } from '#libs/redis';
import type { Redis } from 'ioredis';
import { CACHE_PREFIX, type CacheOptions, SOURCE_DEFAULTS } from './cache.options.js';
import { CacheKeys } from './entries/cache-keys.js';
import { EntryStore } from './entries/entry-store.js';
import { TaggedEntries } from './entries/tagged-entries.js';
import { SourceGate } from './source/source-gate.js';

/** Injection token of {@link CacheConnection}; undefined in a process without a cache. */
export const CACHE_CONNECTION = Symbol('CacheConnection');

/** A Redis that is slower than this does not help; milliseconds. */
const COMMAND_TIMEOUT_MS = 250;
/** The start of a process waits this long for the cache, and goes on without it. */
const CONNECT_WAIT_MS = 500;

/** The cache's Redis, and what is built on it. */
export class CacheConnection {
  readonly keys: CacheKeys;
  readonly store: EntryStore;
  readonly entries: TaggedEntries;
  private readonly redis: Redis;

  constructor(url: string, { prefix = CACHE_PREFIX, source = {} }: CacheOptions) {
    this.redis = redisClient(url, 'cache', { commandTimeoutMs: COMMAND_TIMEOUT_MS });
    this.keys = new CacheKeys(prefix);
    this.store = new EntryStore(this.redis);
    this.entries = new TaggedEntries(this.store, new SourceGate({ ...SOURCE_DEFAULTS, ...source }));
  }

  /** Waits for the connection a little, so that the first requests find the cache; never fails. */
  async open(): Promise<void> {
    if (this.redis.status === 'ready') return;
    const signal = AbortSignal.timeout(CONNECT_WAIT_MS);
    // `once` ends with the first error, too. The client's own listener has said what it was.
    await once(this.redis, 'ready', { signal }).catch(() => undefined);
  }

  close(): void {
    this.redis.disconnect();
  }
}
