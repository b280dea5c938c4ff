import { type ExecutionContext, Inject, Injectable, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectThrottlerOptions, ThrottlerGuard, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { isWithoutTenant, RequestTenant, RequestToken } from '#libs/auth';
import { counter } from '#libs/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { limitsOfRoute, type RouteLimits } from './limit.decorators.js';
import type { LimitName, RateLimitTable } from './limits/limit-names.js';
import { RateLimits } from './limits/rate-limits.js';
import { routeKey, tenantKey } from './rate-limit-key.js';
import { RateLimitStorage } from './rate-limit.storage.js';
import type { Limit, RateDecision } from './rate-limiter.js';
import { RateLimitExceeded } from './throttling.errors.js';

/** What is known about a route before any request for it. */
interface RoutePolicy extends RouteLimits {
  readonly withoutTenant: boolean;
}

interface CountedLimit extends Limit {
  readonly name: LimitName;
}

const refused = counter('quoin_rate_limit_refused_total', 'Requests refused, by the limit that refused them', [
  'limit',
]);

/**
 * Limits requests per minute: each caller on each route, what the route names on top of it, and the whole tenant. The first
 * guard of all: requests that the others refuse (unknown tenants, bad tokens) are counted too.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  /** Looked up once a route: this runs before every request. */
  private readonly policies = new WeakMap<Type, WeakMap<object, RoutePolicy>>();

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @Inject(RateLimitStorage) private readonly storage: RateLimitStorage,
    reflector: Reflector,
    private readonly limits: RateLimits,
    private readonly tenant: RequestTenant,
    private readonly token: RequestToken,
  ) {
    super(options, storage, reflector);
  }

  /** @throws RateLimitExceeded */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = this.policyOf(context.getClass(), context.getHandler());
    if (policy.unlimited) return true;
    const http = context.switchToHttp();
    const limits = await this.limitsOf(http.getRequest<FastifyRequest>(), policy);
    const decision = await this.storage.hit(limits);
    this.answer(http.getResponse<FastifyReply>(), limits, decision);
    return true;
  }

  private answer(reply: FastifyReply, limits: readonly CountedLimit[], decision: RateDecision): void {
    const tightest = limits[decision.tightest];
    if (!tightest) throw new Error('a rate limiter decided by a limit that it was not asked about');
    const seconds = Math.ceil(decision.resetAfterMs / 1_000);
    reply.header('X-RateLimit-Limit', tightest.limit);
    reply.header('X-RateLimit-Remaining', decision.remaining);
    // When there is room for one more than now, as Unix time (source 2, section 6).
    reply.header('X-RateLimit-Reset', Math.ceil(Date.now() / 1_000) + seconds);
    if (decision.allowed) return;
    refused.inc({ limit: tightest.name });
    throw new RateLimitExceeded(tightest.name, tightest.limit, seconds);
  }

  private async limitsOf(request: FastifyRequest, policy: RoutePolicy): Promise<readonly CountedLimit[]> {
    const claims = policy.byAddress ? undefined : await this.token.claimsIfValid(request);
    const tenantId = claims?.tenantId ?? (await this.tenantIdOf(request, policy));
    const table = tenantId === undefined ? this.limits.ofNobody : await this.limits.of(tenantId);
    const route = request.routeOptions.url ?? '';
    const key = routeKey({ tenantId, userId: claims?.userId, ip: request.ip, route });
    return limitsIn(table, key, tenantId, namedFor(request, policy));
  }

  /** Whatever is wrong with the tenant is for the tenant's guard to say; here such requests are one tenant, `none`. */
  private async tenantIdOf(request: FastifyRequest, policy: RoutePolicy): Promise<string | undefined> {
    if (policy.withoutTenant) return undefined;
    return this.tenant.of(request).then(
      (tenant) => tenant?.id,
      () => undefined,
    );
  }

  private policyOf(controller: Type, handler: object): RoutePolicy {
    const known = this.policies.get(controller)?.get(handler);
    if (known) return known;
    const policy = { ...limitsOfRoute(handler, controller), withoutTenant: isWithoutTenant(handler, controller) };
    const ofController = this.policies.get(controller) ?? new WeakMap<object, RoutePolicy>();
    this.policies.set(controller, ofController.set(handler, policy));
    return policy;
  }
}

function namedFor({ query }: FastifyRequest, { named, parameter }: RouteLimits): LimitName | undefined {
  return parameter === undefined || Object.hasOwn(query as object, parameter) ? named : undefined;
}

/** Requests of no tenant have no limit in common: one caller could use it up for all others. */
function limitsIn(table: RateLimitTable, key: string, tenantId?: string, named?: LimitName): CountedLimit[] {
  const limits: CountedLimit[] = [{ name: 'route', key, limit: table.route }];
  if (named !== undefined) limits.push({ name: named, key: `${key}:${named}`, limit: table[named] });
  if (tenantId !== undefined) limits.push({ name: 'tenant', key: tenantKey(tenantId), limit: table.tenant });
  return limits;
}
