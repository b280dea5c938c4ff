import type { CapabilitySchema } from './capability-schema.js';
import type { DatabaseLogin, PoolBounds } from './data-source.js';

/** Injection token of {@link DatabaseOptions}. */
export const DATABASE_OPTIONS = Symbol('DatabaseOptions');

/** What a process needs to reach the landlord and the tenant databases. */
export interface DatabaseOptions {
  readonly landlord: DatabaseLogin;
  /** The shared tenant database; placements may name others on the same cluster. */
  readonly tenant: DatabaseLogin;
  readonly pool: PoolBounds;
  /** A statement that runs longer is cancelled by the server; milliseconds. */
  readonly statementTimeoutMs: number;
  /**
   * Prepare statements once per connection, which saves planning them each time. Default false: a pooler in transaction mode
   * gives connections to others in between (PgBouncer before 1.21 cannot do it).
   */
  readonly prepareStatements?: boolean | undefined;
  readonly schemas: readonly CapabilitySchema[];
}
