import type { CapabilitySchema } from './capability-schema.js';
import type { ClusterOptions } from './clusters.js';
import type { DatabaseLogin, PoolBounds } from './data-source.js';

/** Injection token of {@link DatabaseOptions}. */
export const DATABASE_OPTIONS = Symbol('DatabaseOptions');

/** What a process needs to reach the landlord and the tenant databases. */
export interface DatabaseOptions {
  readonly landlord: DatabaseLogin;
  /** How tenant databases are logged in to, on every cluster. Host, port and database are those of the shared one. */
  readonly tenant: DatabaseLogin;
  /** The owner's name and password, where schemas and databases of tenants may be made. */
  readonly owner?: { readonly username: string; readonly password: string } | undefined;
  /** Where tenant databases are. The first one is `default`. */
  readonly clusters: readonly ClusterOptions[];
  readonly pool: PoolBounds;
  /** Replicas further behind serve nobody; milliseconds. Default: a minute. */
  readonly replicaLagMaxMs?: number | undefined;
  /** A statement that runs longer is cancelled by the server; milliseconds. */
  readonly statementTimeoutMs: number;
  /**
   * Prepare statements once per connection, which saves planning them each time. Default false: a pooler in transaction mode
   * gives connections to others in between (PgBouncer before 1.21 cannot do it).
   */
  readonly prepareStatements?: boolean | undefined;
  readonly schemas: readonly CapabilitySchema[];
}
