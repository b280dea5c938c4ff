import type { LimitProfile } from './limit.decorators.js';

/** Who is counted, where. */
export interface RateLimitSubject {
  /** Undefined for requests that name none, or one that does not exist. */
  readonly tenantId?: string | undefined;
  /** Undefined for callers without a valid token: they are counted by their address. */
  readonly userId?: string | undefined;
  readonly ip: string;
  /** The route's template. */
  readonly route: string;
  readonly profile: LimitProfile;
}

/**
 * The key of source 2, section 6: `rate_limit:tenant:{id}:user:<id>:route:<path>` or `…:ip:<address>:route:<path>`. The
 * braces are a hash tag: in a Redis cluster all keys of a tenant live together.
 */
export function rateLimitKey({ tenantId, userId, ip, route, profile }: RateLimitSubject): string {
  const caller = userId === undefined ? `ip:${ip}` : `user:${userId}`;
  // Two methods of one path may have different limits; each limit has its own count.
  const suffix = profile === 'default' ? '' : `:${profile}`;
  return `rate_limit:tenant:{${tenantId ?? 'none'}}:${caller}:route:${route}${suffix}`;
}
