/**
 * The limits that there are. `route`: one user, or one address, on one route. `tenant`: all requests of a tenant together. The
 * others are stricter ones that routes name: all requests of one address (for `search`: of one user) on the routes that name it.
 */
export const LIMIT_NAMES = ['route', 'tenant', 'login', 'registration', 'reset', 'search'] as const;

/** One of {@link LIMIT_NAMES}. */
export type LimitName = (typeof LIMIT_NAMES)[number];

/** A limit that a route names on top of the ones every route has. */
export type NamedLimit = Exclude<LimitName, 'route' | 'tenant'>;

/** Requests a minute, by limit. */
export type RateLimitTable = Readonly<Record<LimitName, number>>;

/** No limit is higher: what is never to be reached is written so. */
export const PER_MINUTE_MAX = 1_000_000_000;
