import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerModuleOptions,
  type ThrottlerRequest,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import { isWithoutTenant, RequestTenant, RequestToken } from '#libs/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { limitProfileOf } from './limit.decorators.js';
import { rateLimitKey } from './rate-limit-key.js';
import { RateLimitExceeded } from './throttling.errors.js';

/**
 * Limits requests per minute by tenant, user or address, and route. The first guard of all: requests that the others
 * refuse (unknown tenants, bad tokens) are counted too.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    reflector: Reflector,
    private readonly tenant: RequestTenant,
    private readonly token: RequestToken,
  ) {
    super(options, storage, reflector);
  }

  /** @throws RateLimitExceeded */
  protected override async handleRequest({ context, limit, ttl, blockDuration, throttler }: ThrottlerRequest) {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const key = await this.keyOf(context);
    const name = throttler.name ?? 'default';
    const record = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    reply.headers({
      'X-RateLimit-Limit': limit,
      'X-RateLimit-Remaining': Math.max(0, limit - record.totalHits),
      // When there is room for one more than now, as Unix time (source 2, section 6).
      'X-RateLimit-Reset': Math.ceil(Date.now() / 1_000) + record.timeToExpire,
    });
    if (record.isBlocked) throw new RateLimitExceeded(limit, record.timeToBlockExpire);
    return true;
  }

  private async keyOf(context: ExecutionContext): Promise<string> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const profile = limitProfileOf(context);
    // Who signs in or up is counted by address, whatever token comes along: tokens of many users lift no limit.
    const claims = profile === 'login' ? undefined : await this.token.claimsIfValid(request);
    return rateLimitKey({
      tenantId: claims?.tenantId ?? (await this.tenantIdOf(request, context)),
      userId: claims?.userId,
      ip: await this.getTracker({ ip: request.ip }),
      route: request.routeOptions.url ?? '',
      profile,
    });
  }

  /** Whatever is wrong with the tenant is for the tenant's guard to say; here such requests are one tenant, `none`. */
  private async tenantIdOf(request: FastifyRequest, context: ExecutionContext): Promise<string | undefined> {
    if (isWithoutTenant(context.getHandler(), context.getClass())) return undefined;
    return this.tenant.of(request).then(
      (tenant) => tenant?.id,
      () => undefined,
    );
  }
}
