/** What was read from the database and may be read again, by tenant: `remember`, `forget`, `flushTags`. */
export { Cache, type EntryOptions, type KeepOptions } from './cache.js';
export { SourceBusy } from './cache.errors.js';
export { CacheModule } from './cache.module.js';
export { CACHE_PREFIX, type CacheOptions, SOURCE_DEFAULTS, type SourceBounds } from './cache.options.js';
export { isTag, keyOf } from './entries/cache-keys.js';
export type { EntryRef, Filling, FillLease, Seen, Variant } from './entries/entry-store.js';
export { formOf, type Served, servedFrom, type Source, TaggedEntries } from './entries/tagged-entries.js';
export { CacheInvalidation } from './invalidation/cache-invalidation.js';
