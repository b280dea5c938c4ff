import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  type CapabilitySchema,
  type DatabaseKind,
  type DatabaseLogin,
  type DatabaseOptions,
  classesOf,
  DEFAULT_CLUSTER,
  migrateDatabase,
  sqlState,
  tenantTable,
} from '#libs/database';
import type { Placement } from '#libs/context';
import { eventsSchema } from '#libs/events';
import { idempotencySchema } from '#libs/idempotency';
import { locksSchema } from '#libs/locks';
import { numberingSchema } from '#libs/numbering';
import { tenancySchema } from '#libs/tenancy';
import { throttlingSchema } from '#libs/throttling';
import { testStack } from './test-stack.js';

const OBJECT_IN_USE = '55006';
const DROP_ATTEMPTS = 40;

/** Only one process builds a template at a time. */
const TEMPLATE_LOCK = 7_801_946_113;

const OWN_DATABASES = 'select datname as name from pg_database where starts_with(datname, $1)';

/** A landlord and a tenant database of one spec file's own. */
export interface TestDatabase {
  /** As api and worker see them: the application role, which row-level security binds. */
  readonly options: DatabaseOptions;
  /** The owner's login to the tenant database: for mutations, never for what is being tested. */
  readonly owner: DatabaseLogin;
  /** The owner's login to the landlord database. */
  readonly landlordOwner: DatabaseLogin;
  /** Runs SQL on the tenant database as the owner. FORCE row-level security binds the owner too. */
  asOwner<R>(sql: string, parameters?: unknown[]): Promise<R[]>;
  /** Runs SQL on the tenant database as the superuser, who alone sees all tenants' rows. */
  asSuperuser<R>(sql: string, parameters?: unknown[]): Promise<R[]>;
  /** The same on another database of the server. */
  asSuperuserIn<R>(database: string, sql: string, parameters?: unknown[]): Promise<R[]>;
  /** The same where a tenant lives: names without a schema are its own tables. */
  asSuperuserAt<R>(place: Pick<Placement, 'database' | 'schema'>, sql: string, parameters?: unknown[]): Promise<R[]>;
  /** Drops both databases, and those of single tenants beside the shared one. Close what is connected first; what is not is cut off. */
  drop(): Promise<void>;
}

/**
 * Makes a landlord and a tenant database by copying migrated templates, which are built once per set of migrations. The
 * platform's own tables are always there.
 */
export async function createTestDatabase(capabilities: readonly CapabilitySchema[]): Promise<TestDatabase> {
  const schemas = [
    ...new Set([
      tenancySchema,
      eventsSchema,
      idempotencySchema,
      locksSchema,
      numberingSchema,
      throttlingSchema,
      ...capabilities,
    ]),
  ];
  const suffix = randomBytes(6).toString('hex');
  const names = { landlord: `quoin_l_${suffix}`, tenant: `quoin_t_${suffix}` };
  const templates = {
    landlord: await template('landlord', schemas),
    tenant: await template('tenant', schemas),
  };
  const owner = loginOf(testStack().postgres.primary.owner);
  const app = loginOf(testStack().postgres.primary.app);
  for (const kind of ['landlord', 'tenant'] as const) {
    await superuser('postgres', `create database ${names[kind]} template ${templates[kind]} owner ${owner.username}`);
    await superuser('postgres', `grant connect on database ${names[kind]} to ${app.username}`);
  }
  return {
    options: {
      landlord: { ...app, database: names.landlord },
      tenant: { ...app, database: names.tenant },
      clusters: [
        { name: DEFAULT_CLUSTER, write: { host: app.host, port: app.port }, reads: [], databases: [names.tenant] },
      ],
      pool: { max: 8, connectTimeoutMs: 20_000 },
      statementTimeoutMs: 20_000,
      schemas,
    },
    owner: { ...owner, database: names.tenant },
    landlordOwner: { ...owner, database: names.landlord },
    asOwner: (sql, parameters) => once({ ...owner, database: names.tenant }, sql, parameters),
    asSuperuser: (sql, parameters) => superuser(names.tenant, sql, parameters),
    asSuperuserIn: superuser,
    asSuperuserAt: ({ database, schema }, sql, parameters) =>
      once({ ...loginOf(testStack().postgres.superuser), database }, sql, parameters, schema),
    drop: async () => {
      // Tenants with databases of their own have theirs called after the shared one.
      const own = await superuser<{ name: string }>('postgres', OWN_DATABASES, [`${names.tenant}_`]);
      for (const name of [...own.map((row) => row.name), ...Object.values(names)]) await dropDatabase(name);
    },
  };
}

/**
 * Connections that are just being closed are waited for: cut off, they would tell a client that nobody listens to any more,
 * and that ends the process. What is still there after a while is cut off.
 */
async function dropDatabase(name: string): Promise<void> {
  for (let attempt = 0; attempt < DROP_ATTEMPTS; attempt++) {
    try {
      return void (await superuser('postgres', `drop database if exists ${name}`));
    } catch (error) {
      if (sqlState(error) !== OBJECT_IN_USE) throw error;
      await sleep(50);
    }
  }
  await superuser('postgres', `drop database if exists ${name} with (force)`);
}

async function template(kind: DatabaseKind, schemas: readonly CapabilitySchema[]): Promise<string> {
  const owner = loginOf(testStack().postgres.primary.owner);
  const name = `quoin_tpl_${kind[0]}_${fingerprint(kind, schemas)}`;
  const client = new pg.Client(testStack().postgres.superuser);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return name;
    const draft = `${name}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft} template template0 encoding 'UTF8' owner ${owner.username}`);
    await closeToThePublic(draft, owner);
    await migrateDatabase(kind, { ...owner, database: draft }, schemas);
    await client.query(`alter database ${draft} rename to ${name}`);
    return name;
  } finally {
    await client.end();
  }
}

/** The same doors as tools/stack/bootstrap-sql.mjs sets on the real databases. */
async function closeToThePublic(database: string, owner: DatabaseLogin): Promise<void> {
  const app = loginOf(testStack().postgres.primary.app);
  await superuser(database, 'revoke all on schema public from public');
  await superuser(database, `alter schema public owner to ${owner.username}`);
  await superuser(database, `grant usage on schema public to ${app.username}`);
}

function fingerprint(kind: DatabaseKind, schemas: readonly CapabilitySchema[]): string {
  const hash = createHash('sha256');
  hash.update(tenantTable.toString());
  hash.update(migrationSources());
  for (const migration of classesOf(schemas, kind, 'migrations')) hash.update(migration.name);
  for (const schema of schemas) for (const statement of schema.afterMigrate ?? []) hash.update(statement);
  return hash.digest('hex').slice(0, 16);
}

/** All of them: a class shows only its own text, not the functions beside it in which the tables are made. */
function migrationSources(): string {
  const folders = ['libs', 'src'].flatMap((floor) => readdirSync(floor).map((name) => join(floor, name, 'migrations')));
  const paths = folders.filter((folder) => existsSync(folder)).flatMap(filesOf);
  return paths.map((path) => readFileSync(path, 'utf8')).join('');
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name));
}

async function superuser<R>(database: string, sql: string, parameters?: unknown[]): Promise<R[]> {
  return once({ ...loginOf(testStack().postgres.superuser), database }, sql, parameters);
}

async function once<R>(login: DatabaseLogin, sql: string, parameters: unknown[] = [], schema = 'public'): Promise<R[]> {
  const { host, port, database, username, password } = login;
  const options = `-c search_path=${schema}`;
  const client = new pg.Client({ host, port, database, user: username, password, options });
  await client.connect();
  try {
    const result = await client.query(sql, parameters);
    return result.rows as R[];
  } finally {
    await client.end();
  }
}

function loginOf(url: string): DatabaseLogin {
  const parsed = new URL(url);
  return {
    host: parsed.hostname,
    port: Number(parsed.port),
    database: parsed.pathname.slice(1),
    username: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
}
