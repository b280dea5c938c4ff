/** Where a PostgreSQL server listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** One database cluster: a primary and its replicas. Every cluster has the same roles and passwords. */
export interface ClusterOptions {
  /** What placements call it; `default` is the one of DB_HOST. */
  readonly name: string;
  readonly write: Endpoint;
  readonly reads: readonly Endpoint[];
  /** Where it stands, for tenants that must be kept there. */
  readonly region?: string | undefined;
  /** Its databases whose tables tenants share: the shards of the row-level model. At least one. */
  readonly databases: readonly string[];
}

/** The cluster of DB_HOST. The landlord is there too. */
export const DEFAULT_CLUSTER = 'default';

/** A database of a cluster. */
export interface DatabaseAddress {
  readonly cluster: string;
  readonly database: string;
}

/** Written so in logs and as a key. */
export function addressText({ cluster, database }: DatabaseAddress): string {
  return `${cluster}/${database}`;
}

/** The configured cluster. @throws when a placement names one that DB_CLUSTERS does not list */
export function clusterNamed(clusters: readonly ClusterOptions[], name: string): ClusterOptions {
  const found = clusters.find((cluster) => cluster.name === name);
  if (!found) throw new Error(`no database cluster is called ${name}: DB_CLUSTERS must list it`);
  return found;
}
