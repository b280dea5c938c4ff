import type { Type } from '@nestjs/common';
import { type Cache, type EntryRef, isTag, keyOf } from '#libs/cache';
import type { FastifyRequest } from 'fastify';
import { pathOf } from '../app/access-log.js';
import type { CachedReadOptions, PathParameters } from './cached-read.options.js';
import { sharedCacheControl } from './public-answer.js';

/** A route whose answers are kept. */
export class CachedRoute {
  /** What caches on the way are told. */
  readonly cacheControl: string;

  constructor(
    readonly controller: Type,
    readonly handler: () => unknown,
    readonly options: CachedReadOptions,
    private readonly freshS: number,
  ) {
    this.cacheControl = sharedCacheControl(options);
  }

  /** Where the answer to this request is kept; undefined for a path that makes no tag. */
  entryOf(cache: Cache, tenantId: string, request: FastifyRequest): EntryRef | undefined {
    const { name, staleS } = this.options;
    const tags = this.tagsOf(request);
    if (!tags.every(isTag)) return undefined;
    const key = keyOf('http', pathOf(request) + canonicalQuery(request.query as Query));
    return cache.entry(name, key, tags, { tenantId, freshS: this.freshS, staleS });
  }

  private tagsOf({ params }: FastifyRequest): readonly string[] {
    const { tags } = this.options;
    return typeof tags === 'function' ? tags(params as PathParameters) : tags;
  }
}

type Query = Readonly<Record<string, string | readonly string[]>>;

/** One spelling of what a query says, in whichever order and with whichever escapes it came. */
export function canonicalQuery(query: Query): string {
  let text = '';
  for (const name of Object.keys(query).sort()) {
    const values = query[name] ?? '';
    if (typeof values === 'string') text += `&${partOf(name, values)}`;
    else for (const value of values) text += `&${partOf(name, value)}`;
  }
  return text === '' ? '' : `?${text.slice(1)}`;
}

/** What reads the same escaped, as nearly all of it does. */
const PLAIN = /^[\w.-]*$/;

function partOf(name: string, value: string): string {
  if (PLAIN.test(name) && PLAIN.test(value)) return `${name}=${value}`;
  return `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`;
}
