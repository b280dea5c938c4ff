import type { AppConfig } from '#libs/config';
import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** The parameters of a path, decoded. */
export type PathParameters = Readonly<Record<string, string | undefined>>;

/** How the answers of a public route are kept. */
export interface CachedReadOptions {
  /** What metrics call it. Few of them: `catalog`. */
  readonly name: string;
  /** Whatever changes an answer flushes one of these; a path that makes no tag is not cached. */
  readonly tags: readonly string[] | ((parameters: PathParameters) => readonly string[]);
  /** Seconds that an answer is served from Redis unless a tag is flushed; 0 where nothing is to be kept. */
  readonly freshS: (config: AppConfig) => number;
  /** Seconds beyond that in which it is served while one request reads it anew. */
  readonly staleS: number;
  /** Seconds that caches of others, which no flush reaches, may answer by themselves. */
  readonly sharedS: number;
  /** Queries with which the route is asked when the process starts (`''`, `?limit=20`); only without path parameters. */
  readonly warmUp?: readonly string[];
}

const CACHED_READ = 'quoin:cached-read';

/** Notes the options at a handler. */
export function noteCachedRead(options: CachedReadOptions): CustomDecorator {
  return SetMetadata(CACHED_READ, options);
}

/** What `@CachedPublicRead` said of a handler; undefined where it said nothing. */
export function cachedReadOf(handler: object): CachedReadOptions | undefined {
  return Reflect.getMetadata(CACHED_READ, handler) as CachedReadOptions | undefined;
}
