import pg from 'pg';
import type { CapabilitySchema, DatabaseKind } from './capability-schema.js';
import { buildDataSource, type DatabaseLogin } from './data-source.js';

/** Two processes that migrate the same database wait for each other under this key. */
const MIGRATION_LOCK = 7_801_946_112;

/** What a migration run did. */
export interface MigrationReport {
  readonly database: string;
  /** Names of the migrations that ran now; empty when the database was up to date. */
  readonly applied: readonly string[];
}

/**
 * Brings one database up to date, logged in as the owner. Each migration is a transaction of its own, so a run that
 * dies resumes at the one that failed. Several runs at once wait for one another.
 */
export async function migrateDatabase(
  kind: DatabaseKind,
  owner: DatabaseLogin,
  schemas: readonly CapabilitySchema[],
): Promise<MigrationReport> {
  const { username, ...login } = owner;
  const lock = new pg.Client({ ...login, user: username });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await runMigrations(kind, owner, schemas);
  } finally {
    await lock.end();
  }
}

async function runMigrations(
  kind: DatabaseKind,
  owner: DatabaseLogin,
  schemas: readonly CapabilitySchema[],
): Promise<MigrationReport> {
  const dataSource = buildDataSource(kind, owner, schemas, { max: 2, connectTimeoutMs: 10_000 });
  await dataSource.initialize();
  try {
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    if (kind === 'tenant') {
      for (const statement of schemas.flatMap((schema) => schema.afterMigrate ?? [])) await dataSource.query(statement);
    }
    return { database: owner.database, applied: applied.map((migration) => migration.name) };
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Refreshes the planner's statistics of all tables, as the owner. After much was written into new tables they are worth it: until
 * autovacuum comes, the planner takes the tables for empty.
 */
export async function analyzeDatabase(owner: DatabaseLogin): Promise<void> {
  const { username, ...login } = owner;
  const client = new pg.Client({ ...login, user: username });
  await client.connect();
  try {
    await client.query('analyze (skip_locked)');
  } finally {
    await client.end();
  }
}
