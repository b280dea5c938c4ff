import pg from 'pg';
import { type CapabilitySchema, classesOf, type DatabaseKind } from './capability-schema.js';
import { buildDataSource, type DatabaseLogin } from './data-source.js';
import { schemaName } from './tenant-gate.js';
import { APP_ROLE } from './tenant-table.js';

/** Two processes that migrate the same schema wait for each other under this key. */
const MIGRATION_LOCK = 780_194_611;

/** What a migration run did. */
export interface MigrationReport {
  readonly database: string;
  /** Names of the migrations that ran now; empty when the database was up to date. */
  readonly applied: readonly string[];
  /** The name of the last migration that it has. */
  readonly version: string | null;
}

/** How a migration is run. */
export interface MigrationOptions {
  /** Where the tables are; default `public`. Another one is made when it is not there, for kind `schema`. */
  readonly schema?: string;
}

/**
 * Brings one database, or one schema of it, up to date, logged in as the owner. Each migration is a transaction of its own,
 * so a run that dies resumes at the one that failed. Several runs at once wait for one another.
 */
export async function migrateDatabase(
  kind: DatabaseKind,
  owner: DatabaseLogin,
  schemas: readonly CapabilitySchema[],
  { schema = 'public' }: MigrationOptions = {},
): Promise<MigrationReport> {
  const { username, ...login } = owner;
  const lock = new pg.Client({ ...login, user: username });
  // Whatever ends the connection, the migrations themselves report what it does to them.
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
    if (kind === 'schema') await makeSchema(lock, schema);
    const version = await versionIfComplete(lock, kind, schemas);
    if (version === undefined) return await runMigrations(kind, owner, schemas, schema);
    for (const statement of statementsAfter(kind, schemas)) await lock.query(statement);
    return { database: owner.database, applied: [], version };
  } finally {
    await lock.end();
  }
}

/** The same doors as tools/stack/bootstrap-sql.mjs sets on `public`. */
async function makeSchema(client: pg.Client, schema: string): Promise<void> {
  const name = schemaName(schema);
  await client.query(`create schema if not exists ${name}`);
  await client.query(`revoke all on schema ${name} from public; grant usage on schema ${name} to ${APP_ROLE}`);
  await client.query(`set search_path = ${name}`);
}

/** The last migration of a place that has them all; undefined when some are missing. Most places of most runs have. */
async function versionIfComplete(
  client: pg.Client,
  kind: DatabaseKind,
  schemas: readonly CapabilitySchema[],
): Promise<string | undefined> {
  const { rows: tables } = await client.query(`select to_regclass('schema_migration') as found`);
  if ((tables[0] as { found: string | null }).found === null) return undefined;
  const { rows } = await client.query<{ name: string }>('select name from schema_migration order by timestamp desc');
  const names = new Set(rows.map(({ name }) => name));
  return classesOf(schemas, kind, 'migrations').every(({ name }) => names.has(name)) ? rows[0]?.name : undefined;
}

function statementsAfter(kind: DatabaseKind, schemas: readonly CapabilitySchema[]): string[] {
  return kind === 'landlord' ? [] : schemas.flatMap((schema) => schema.afterMigrate ?? []);
}

async function runMigrations(
  kind: DatabaseKind,
  owner: DatabaseLogin,
  schemas: readonly CapabilitySchema[],
  schema: string,
): Promise<MigrationReport> {
  const dataSource = buildDataSource(kind, owner, schemas, { max: 2, connectTimeoutMs: 10_000 }, { schema });
  await dataSource.initialize();
  try {
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    for (const statement of statementsAfter(kind, schemas)) await dataSource.query(statement);
    const [last] = await dataSource.query<{ name: string }[]>(
      'select name from schema_migration order by timestamp desc limit 1',
    );
    return { database: owner.database, applied: applied.map(({ name }) => name), version: last?.name ?? null };
  } finally {
    await dataSource.destroy();
  }
}
