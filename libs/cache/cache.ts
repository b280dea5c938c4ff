import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { JsonValue } from '#libs/kernel';
import { countFlushed } from './cache-metrics.js';
import { CACHE_CONNECTION, type CacheConnection } from './cache-connection.js';
import { FRESH_MAX_S, STALE_MAX_S } from './cache.options.js';
import type { EntryRef, Filling } from './entries/entry-store.js';
import { type Served, servedFrom, type TaggedEntries } from './entries/tagged-entries.js';

/** How an entry is kept. */
export interface KeepOptions {
  /** For landlord work, which is bound to no tenant. Default: the tenant of the running context. */
  readonly tenantId?: string;
  /** Seconds that it may be served beyond its time while one caller reads it anew. Default 0: everybody waits. */
  readonly staleS?: number;
}

/** What {@link Cache.entry} takes beside key and tags. */
export interface EntryOptions extends KeepOptions {
  readonly freshS: number;
}

/** Values of more bytes are kept compressed. */
const COMPRESSED_FROM_BYTES = 2_048;

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);

/**
 * What was read from the database and may be read again by any process, by tenant (requirement A3).
 *
 * Inside a unit of work nothing is cached: what it sees may never be committed.
 */
@Injectable()
export class Cache {
  constructor(
    @Inject(CACHE_CONNECTION) private readonly connection: CacheConnection | undefined,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Entries over HTTP are served from here; undefined where the process has no cache. */
  get entries(): TaggedEntries | undefined {
    return this.connection?.entries;
  }

  /**
   * The value of `key`: from the cache, or from `read`, once for all who ask at the same time in any process. The part of
   * the key before the first colon names the kind in metrics. Change the key when the shape of the value changes.
   *
   * @param ttlS seconds from 1 to a day
   * @param tags flush one of them and the value is read anew
   * @param read gives a value that does not depend on who asks; its reads are the primary's
   * @throws SourceBusy when too many reads wait for the database, and what `read` throws
   */
  async remember<T extends JsonValue>(
    key: string,
    ttlS: number,
    tags: readonly string[],
    read: () => Promise<T>,
    options: KeepOptions = {},
  ): Promise<T> {
    const entries = this.unitOfWork.isOpen ? undefined : this.entries;
    if (!entries) return read();
    const ref = this.entry(key.split(':', 1)[0] ?? key, key, tags, { ...options, freshS: ttlS });
    const source = async () => {
      const value = await read();
      return () => fillingOf(value);
    };
    const seen = await entries.look(ref, '');
    if (seen.state === 'fresh') return valueOf<T>(servedFrom(seen));
    if (seen.state !== 'stale') return valueOf<T>(await entries.obtain(ref, '', source));
    const stale = servedFrom(seen);
    const lease = await entries.leaseToRefresh(ref, '');
    return valueOf<T>(lease ? await entries.refresh(ref, '', lease, stale, source) : stale);
  }

  /** Forgets one value, also the one that somebody is reading at this moment. @throws when Redis does not answer */
  async forget(key: string, tenantId = currentTenant().id): Promise<void> {
    await this.connection?.store.forget(this.connection.keys.entry(tenantId, key));
  }

  /**
   * Makes all values with one of these tags worthless, in O(1) a tag. For writes use {@link CacheInvalidation}, which
   * survives a crash. @throws when Redis does not answer
   */
  async flushTags(tags: readonly string[], tenantId = currentTenant().id): Promise<void> {
    if (!this.connection || tags.length === 0) return;
    try {
      await this.connection.store.flush(this.connection.keys.tags(tenantId, tags));
      countFlushed(tags.length, 'flushed');
    } catch (error) {
      countFlushed(tags.length, 'failed');
      throw error;
    }
  }

  /** The keys and the times of an entry. @throws TypeError for a key, tag or time that is none */
  entry(name: string, key: string, tags: readonly string[], options: EntryOptions): EntryRef {
    if (!this.connection) throw new Error('this process has no cache');
    const { freshS, staleS = 0, tenantId = currentTenant().id } = options;
    if (!(freshS > 0 && freshS <= FRESH_MAX_S && staleS >= 0 && staleS <= STALE_MAX_S)) {
      throw new TypeError(`an entry is fresh for up to ${FRESH_MAX_S} s and stale for up to ${STALE_MAX_S} s`);
    }
    const { keys } = this.connection;
    const tagKeys = keys.tags(tenantId, tags);
    return {
      name,
      tenantId,
      key: keys.entry(tenantId, key),
      tagKeys,
      freshMs: freshS * 1_000,
      staleMs: staleS * 1_000,
    };
  }
}

async function fillingOf(value: JsonValue): Promise<Filling> {
  const bytes = Buffer.from(JSON.stringify(value));
  const isLarge = bytes.byteLength > COMPRESSED_FROM_BYTES;
  const payload = isLarge ? await compress(bytes) : bytes;
  return { etag: '', variants: [{ suffix: '', encoding: isLarge ? 'deflate' : 'identity', payload }] };
}

// Parsed also where it was read just now: whoever asks gets the same, and an object of their own.
async function valueOf<T>({ encoding, payload }: Served): Promise<T> {
  const bytes = encoding === 'deflate' ? await decompress(payload) : payload;
  return JSON.parse(bytes.toString()) as T;
}
