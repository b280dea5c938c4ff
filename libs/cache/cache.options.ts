/** Injection token of {@link CacheOptions}. */
export const CACHE_OPTIONS = Symbol('CacheOptions');

/** Where the cache is, and how hard the source may be asked when it does not help. */
export interface CacheOptions {
  /** `redis[s]://[user:password@]host:port/db`. Without it nothing is cached: the source answers every read. */
  readonly url?: string | undefined;
  /** First part of every key, default `quoin:`. Installations (and tests) that share a Redis differ in it. */
  readonly prefix?: string;
  readonly source?: Partial<SourceBounds>;
}

/** How many reads of the source a process has under way for the cache. Beyond the queue, readers get 503. */
export interface SourceBounds {
  /** At once. Keep it below the pool of database connections, so that writes find one. */
  readonly concurrencyMax: number;
  /** Waiting for their turn. */
  readonly queueMax: number;
  /** A read that waits longer is refused; milliseconds. */
  readonly waitMaxMs: number;
}

/** What holds where {@link CacheOptions} says nothing. */
export const SOURCE_DEFAULTS: SourceBounds = { concurrencyMax: 6, queueMax: 256, waitMaxMs: 2_000 };

/** The key prefix when {@link CacheOptions.prefix} names none. */
export const CACHE_PREFIX = 'quoin:';

/** Seconds that an entry may be fresh, and may be served after that while it is read anew. */
export const FRESH_MAX_S = 86_400;
export const STALE_MAX_S = 3_600;

/** An answer of more bytes than this is not kept. */
export const ENTRY_BYTES_MAX = 1_048_576;
