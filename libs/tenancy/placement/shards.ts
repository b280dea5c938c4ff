import type { Placement } from '#libs/context';
import { addressText, type ClusterOptions, type DatabaseAddress } from '#libs/database';
import { DomainError } from '#libs/kernel';

/** A shared database of a cluster: where tenants can be put. */
export interface Shard extends DatabaseAddress {
  readonly region?: string | undefined;
}

/** What is known of a tenant when its place is chosen. */
export interface PlacementWishes {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** How its data are to be kept apart; default: the installation's own choice. */
  readonly model?: Placement['model'];
  readonly cluster?: string;
  /** A shared database of the cluster. */
  readonly database?: string;
}

/** No shard is left that may take the tenant: the region has none, or the ranges name none. */
export class NoPlaceForTenant extends DomainError {
  static readonly code = 'tenant.no_place';
  static readonly kind = 'unprocessable';
  constructor(reason: string) {
    super(`There is no place for this tenant: ${reason}. Ask the operator of this installation.`);
  }
}

/** All shards of the configuration, in its order. */
export function shardsOf(clusters: readonly ClusterOptions[]): Shard[] {
  return clusters.flatMap(({ name, region, databases }) =>
    databases.map((database) => ({ cluster: name, database, region })),
  );
}

/** As TENANT_RANGES and the rendezvous write it. */
export const shardName = (shard: DatabaseAddress): string => addressText(shard);

/** PostgreSQL cuts longer names off. */
const NAME_MAX = 63;

/**
 * The whole placement of a tenant on a shard. Schemas and databases of one tenant are called after its id, which never
 * changes and which no other installation on the same server can have.
 */
export function placementOn(shard: DatabaseAddress, model: Placement['model'], tenantId: string): Placement {
  const { cluster, database } = shard;
  const id = tenantId.replaceAll('-', '');
  if (model === 'shared') return { model, cluster, database, schema: 'public' };
  if (model === 'schema') return { model, cluster, database, schema: `t_${id}` };
  return { model, cluster, database: `${database.slice(0, NAME_MAX - id.length - 1)}_${id}`, schema: 'public' };
}
