import { isIP } from 'node:net';

/** Who is counted, where. */
export interface RateLimitSubject {
  /** Undefined for requests that name none, or one that does not exist. */
  readonly tenantId: string | undefined;
  /** Undefined for callers without a valid token: they are counted by their address. */
  readonly userId: string | undefined;
  readonly ip: string;
  /** The route's template. */
  readonly route: string;
}

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * What one caller holds: an IPv4 address, or an IPv6 network of 64 bits. Of the latter's addresses they may send every
 * request from another one.
 */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [, mapped] = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(ip) ?? [];
  if (mapped !== undefined) return mapped;
  if (isIP(ip) !== 6) return ip;
  // One spelling of each address: lower case, shortest, without a zone.
  const address = new URL(`http://[${ip.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(GROUPS - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The key of all requests of a tenant. The braces are a hash tag: in a Redis cluster all keys of a tenant live together. */
export function tenantKey(tenantId: string | undefined): string {
  return `rate_limit:tenant:{${tenantId ?? 'none'}}`;
}

/**
 * The key of source 2, section 6: `rate_limit:tenant:{id}:user:<id>:route:<path>` or `…:ip:<address>:route:<path>`. A route's
 * stricter limit is counted under the same with its name behind.
 */
export function routeKey({ tenantId, userId, ip, route }: RateLimitSubject): string {
  const caller = userId === undefined ? `ip:${networkOf(ip)}` : `user:${userId}`;
  return `${tenantKey(tenantId)}:${caller}:route:${route}`;
}
