import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Cache, type EntryRef, type FillLease, formOf, type Served, type Source } from '#libs/cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { cachedReadOf } from './cached-read.options.js';
import { encodingFor } from './content-encoding.js';
import { answerFilling, headedAnswer, sharedCacheControl, SUFFIX_OF } from './public-answer.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What was found when this request looked into the cache, if that was no answer. */
    cacheMiss?: CacheMiss;
  }
}

/** Where an answer will be kept; and what will do if it cannot be had. */
export interface CacheMiss {
  readonly ref: EntryRef;
  /** The answer is there, was good for long enough, and this request was chosen to read it anew. */
  readonly stale?: { readonly lease: FillLease; readonly served: Served };
}

/** Makes the answer that was not in the cache, once for all who ask for it, and keeps it. */
@Injectable()
export class CachedReadInterceptor implements NestInterceptor {
  constructor(private readonly cache: Cache) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<Buffer | undefined>> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    const options = cachedReadOf(context.getHandler());
    if (!options) throw new Error(`${context.getHandler().name} is not marked @CachedPublicRead`);
    const suffix = SUFFIX_OF[encodingFor(request.headers['accept-encoding'])];
    const source: Source = async () => {
      const body = await lastValueFrom<unknown>(next.handle());
      return (kept) => answerFilling(body, kept);
    };
    const served = await this.served(request.cacheMiss, suffix, source);
    return of(headedAnswer(request, reply, served, sharedCacheControl(options)));
  }

  /** Without an entry (no cache in this process, or a path that is none of ours) the handler answers. */
  private async served(miss: CacheMiss | undefined, suffix: string, source: Source): Promise<Served> {
    const { entries } = this.cache;
    if (!miss || !entries) return formOf(await (await source())(false), suffix);
    if (miss.stale) return entries.refresh(miss.ref, suffix, miss.stale.lease, miss.stale.served, source);
    return entries.obtain(miss.ref, suffix, source);
  }
}
