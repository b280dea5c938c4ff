import { currentTenant } from '#libs/context';
import { DomainError } from '#libs/kernel';

/** That a lock was taken, as PostgreSQL counted it: each resource with the number of its holder. Made by libs/locks. */
export interface Fence {
  readonly tokens: readonly { readonly resource: string; readonly token: string }[];
}

/** The lock that the work relied on has been taken by somebody else since: nothing of it was written. */
export class StaleFence extends DomainError {
  static readonly code = 'lock.stale_fence';
  static readonly kind = 'conflict';
  constructor(resources: readonly string[]) {
    super(`Somebody else has taken the lock on ${resources.join(', ')} meanwhile. Nothing was changed.`, {
      resources: [...resources],
    });
  }
}

interface OpenTransaction {
  query<R>(sql: string, parameters: readonly unknown[]): Promise<R[]>;
}

/** Shared, so that several units of work of one holder do not wait for each other; in the order of all who take several. */
const COMPARE = `
  select f.resource from fence f
  join unnest($2::text[], $3::bigint[]) as mine (resource, token) on mine.resource = f.resource and mine.token = f.token
  where f.tenant_id = $1 order by f.resource for share of f`;

/**
 * Compares a fence inside the transaction that is to write under it, and holds its rows until the end: whoever takes the lock
 * anew waits for this transaction, or has made its tokens old before it could write.
 *
 * @throws StaleFence
 */
export async function compareFence(transaction: OpenTransaction, { tokens }: Fence): Promise<void> {
  const resources = tokens.map(({ resource }) => resource);
  const numbers = tokens.map(({ token }) => token);
  const current = await transaction.query<{ resource: string }>(COMPARE, [currentTenant().id, resources, numbers]);
  const valid = new Set(current.map(({ resource }) => resource));
  const stale = resources.filter((resource) => !valid.has(resource));
  if (stale.length > 0) throw new StaleFence(stale);
}
