import type { AppConfig } from '#libs/config';
import type { CapabilitySchema, DatabaseKind, DatabaseOptions } from '#libs/database';

/** How api, worker and cli reach the databases: as the application role, which owns nothing. */
export function databaseOptions(config: AppConfig, schemas: readonly CapabilitySchema[]): DatabaseOptions {
  const { username, password, poolMax, timeoutMs } = config.db;
  return {
    landlord: { ...login(config, 'landlord'), username, password },
    tenant: { ...login(config, 'tenant'), username, password },
    owner: config.db.owner,
    clusters: config.db.clusters,
    replicaLagMaxMs: config.db.replicaLagMaxMs,
    pool: { max: poolMax, connectTimeoutMs: timeoutMs },
    statementTimeoutMs: timeoutMs,
    prepareStatements: config.db.prepareStatements,
    schemas,
  };
}

function login({ db }: AppConfig, kind: DatabaseKind) {
  const database = kind === 'landlord' ? db.landlordDatabase : db.database;
  return { host: db.host, port: db.port, database, ssl: sslOf(db.ssl) };
}

function sslOf(mode: AppConfig['db']['ssl']): boolean | { rejectUnauthorized: boolean } {
  if (mode === 'disable') return false;
  return { rejectUnauthorized: mode === 'verify-full' };
}
