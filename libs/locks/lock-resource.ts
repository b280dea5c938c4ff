import { currentTenant } from '#libs/context';

/** How long to wait for a lock, and how long it outlives a holder that died. */
export interface LockTimes {
  /** Milliseconds to wait until whoever holds it gives it back. */
  readonly waitMs: number;
  /** Milliseconds after which it is free though nobody gave it back. Renewed while the holder lives. */
  readonly expiryMs: number;
}

/** What is locked, with the times that source 2, section 5 gives its kind. */
export interface LockResource extends LockTimes {
  readonly name: string;
  /** For metrics. */
  readonly kind: 'stock' | 'account' | 'generic';
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/;

/** The stock of one product in one warehouse: 5 s to wait, 10 s to expire. */
export function stockResource(productId: string, warehouseId: string): LockResource {
  return { name: `stock:${productId}:${warehouseId}`, kind: 'stock', waitMs: 5_000, expiryMs: 10_000 };
}

/** One account: 10 s to wait, 30 s to expire. */
export function accountResource(accountId: string): LockResource {
  return { name: `account:${accountId}`, kind: 'account', waitMs: 10_000, expiryMs: 30_000 };
}

/** Anything else that the tenant has one of: 10 s to wait, 30 s to expire. */
export function namedResource(name: string): LockResource {
  return { name, kind: 'generic', waitMs: 10_000, expiryMs: 30_000 };
}

/**
 * The key of source 2, section 5: `lock:tenant:{id}:<resource>`. The braces are a hash tag: in a Redis cluster all locks of a
 * tenant live together, so that several can be taken at once.
 */
export function lockKey(name: string): string {
  if (!NAME.test(name)) throw new RangeError(`not a name that can be locked: ${JSON.stringify(name)}`);
  return `lock:tenant:{${currentTenant().id}}:${name}`;
}
