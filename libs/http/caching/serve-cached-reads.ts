import { ModulesContainer } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestTenant } from '#libs/auth';
import type { AppConfig } from '#libs/config';
import { Cache, type EntryRef, type Seen, type Served, servedFrom, type TaggedEntries } from '#libs/cache';
import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { type Route, routesIn } from '../app/routes.js';
import { RequestGuard } from '../guards/request-guard.js';
import { cachedReadOf } from './cached-read.options.js';
import { CachedRoute } from './cached-route.js';
import { encodingFor } from './content-encoding.js';
import { HEAD_SUFFIX, headedAnswer, isCurrent, SUFFIX_OF } from './public-answer.js';

/**
 * Answers routes marked `@CachedPublicRead` from the cache, before Nest's pipeline begins. The request has passed what
 * every request passes (execution context, access log, security headers, guards with their limits and the tenant); only
 * what would make the same bytes once more is left out: pipes, handler, interceptors, serialisation. What is not in the
 * cache goes on to Nest, where {@link CachedReadInterceptor} makes and keeps it.
 */
class CachedReads {
  constructor(
    private readonly cache: Cache,
    private readonly entries: TaggedEntries,
    private readonly guard: RequestGuard,
    private readonly tenants: RequestTenant,
  ) {}

  /** The hook of a route. */
  hookFor(route: CachedRoute): preHandlerAsyncHookHandler {
    return async (request, reply) => {
      if (await this.answer(route, request, reply)) return reply;
    };
  }

  /** Limits are counted and the cache is looked into at the same time: two servers, one wait. */
  private async answer(route: CachedRoute, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const context = new ExecutionContextHost([request, reply], route.controller, route.handler);
    context.setType('http');
    const passing = this.guard.canActivate(context);
    // Looked at below. Until then a refusal is nobody's.
    passing.catch(() => undefined);
    const found = await this.find(route, request);
    // Whatever was found is nothing to somebody who may not pass.
    await passing;
    if (!found) return false;
    const served = await this.servedFrom(found, request);
    if (!served) return false;
    reply.send(headedAnswer(request, reply, served, route.cacheControl));
    return true;
  }

  private async find(route: CachedRoute, request: FastifyRequest): Promise<Found | undefined> {
    // What is wrong with the tenant is for the guard to say.
    const tenant = await this.tenants.of(request).catch(() => undefined);
    const ref = tenant && route.entryOf(this.cache, tenant.id, request);
    if (!ref) return undefined;
    const suffix = suffixFor(request);
    const known = request.headers['if-none-match'];
    const seen = await this.entries.look(ref, known === undefined ? suffix : HEAD_SUFFIX);
    const isBodyWanted = known !== undefined && 'head' in seen && !isCurrent(known, seen.head.etag);
    return { ref, seen: isBodyWanted ? await this.entries.look(ref, suffix) : seen };
  }

  /** Undefined when this request is to make the answer. */
  private async servedFrom({ ref, seen }: Found, request: FastifyRequest): Promise<Served | undefined> {
    if (seen.state === 'fresh') return servedFrom(seen);
    if (seen.state === 'stale') {
      const served = servedFrom(seen);
      const lease = await this.entries.leaseToRefresh(ref, suffixFor(request));
      if (!lease) return served;
      request.cacheMiss = { ref, stale: { lease, served } };
    } else request.cacheMiss = { ref };
    return undefined;
  }
}

/** What was seen where the answer to a request is kept. */
interface Found {
  readonly ref: EntryRef;
  readonly seen: Seen;
}

function suffixFor({ headers }: FastifyRequest): string {
  return SUFFIX_OF[encodingFor(headers['accept-encoding'])];
}

/** The route, if its answers are to be kept. */
function cachedRouteOf({ controller, handler }: Route, config: AppConfig): CachedRoute | undefined {
  const options = cachedReadOf(handler);
  const freshS = options?.freshS(config) ?? 0;
  return options && freshS > 0 ? new CachedRoute(controller, handler as () => unknown, options, freshS) : undefined;
}

/** Before the application makes its routes: those that are marked get their hook. */
export function serveCachedReads(app: NestFastifyApplication, config: AppConfig): void {
  const cached = new Map<string, CachedRoute>();
  for (const route of routesIn(app.get(ModulesContainer))) {
    const marked = cachedRouteOf(route, config);
    if (marked) cached.set(route.path, marked);
  }
  if (cached.size === 0) return;
  const cache = app.get(Cache, { strict: false });
  const { entries } = cache;
  if (!entries) return;
  const [guard, tenants] = [app.get(RequestGuard, { strict: false }), app.get(RequestTenant, { strict: false })];
  const reads = new CachedReads(cache, entries, guard, tenants);
  // A HEAD route is made of its GET route, hook included.
  const hooks = new Map<CachedRoute, preHandlerAsyncHookHandler>();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (options) => {
    const route = cached.get(options.url);
    const methods = [options.method].flat();
    if (!route || !methods.every((method) => method === 'GET' || method === 'HEAD')) return;
    const hook = hooks.get(route) ?? reads.hookFor(route);
    hooks.set(route, hook);
    const others = [options.preHandler ?? []].flat().filter((other) => other !== hook);
    options.preHandler = [...others, hook];
  });
}
