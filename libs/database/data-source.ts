import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { classesOf, type CapabilitySchema, type DatabaseKind } from './capability-schema.js';
import { schemaName } from './tenant-gate.js';

/** One login to one database. */
export interface DatabaseLogin {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly ssl?: boolean | { rejectUnauthorized: boolean };
}

/** Bounds of one process's use of the databases. */
export interface PoolBounds {
  /** Connections this process opens at most, over all tenant databases; and once more as many to the landlord. */
  readonly max: number;
  /** Waiting for a free or new connection longer than this fails. */
  readonly connectTimeoutMs: number;
}

const DATE_OID = 1082;

/** Dates stay 'YYYY-MM-DD': pg would make them local midnights, which are other days elsewhere. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
    oid === DATE_OID ? (value) => value : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

/**
 * Between the pool's own listener and TypeORM's there is a moment without any. A server that ends a connection just as it
 * opens (a failover, a restart) would end this process then. The client is marked as dead all the same, and whoever uses it
 * is told.
 */
function listenToErrors(client: pg.ClientBase): void {
  client.on('error', () => undefined);
}

/** What a data source may have of its own. */
export interface DataSourceExtras {
  /** Another `pg`, with a pool of its own kind. */
  readonly driver?: typeof pg;
  /** The schema that every connection works in, and where the record of migrations is; default `public`. */
  readonly schema?: string;
}

/**
 * Options of a TypeORM data source. Queries are pipelined: BEGIN and the tenant setting go out together with the first
 * query, which halves the round trips of a short unit of work (measured in docs of the stack).
 */
export function dataSourceOptions(
  kind: DatabaseKind,
  login: DatabaseLogin,
  schemas: readonly CapabilitySchema[],
  pool: PoolBounds,
  { driver, schema = 'public' }: DataSourceExtras = {},
): DataSourceOptions {
  const settle = (client: pg.ClientBase) => {
    listenToErrors(client);
    return schema === 'public' ? undefined : client.query(`set search_path = ${schemaName(schema)}`);
  };
  return {
    type: 'postgres',
    ...(driver && { driver }),
    host: login.host,
    port: login.port,
    database: login.database,
    username: login.username,
    password: login.password,
    ssl: login.ssl ?? false,
    entities: classesOf(schemas, kind, 'entities'),
    migrations: classesOf(schemas, kind, 'migrations'),
    migrationsTableName: 'schema_migration',
    synchronize: false,
    installExtensions: false,
    applicationName: 'quoin',
    poolSize: pool.max,
    connectTimeoutMS: pool.connectTimeoutMs,
    // Entities keep to no schema: what `search_path` finds is theirs.
    ...(kind === 'schema' && { schema }),
    extra: { pipeline: true, types, idleTimeoutMillis: 30_000, onConnect: settle },
  };
}

/** A data source that is not connected yet. */
export function buildDataSource(
  kind: DatabaseKind,
  login: DatabaseLogin,
  schemas: readonly CapabilitySchema[],
  pool: PoolBounds,
  extras: DataSourceExtras = {},
): DataSource {
  return new DataSource(dataSourceOptions(kind, login, schemas, pool, extras));
}
