import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { Placement } from '#libs/context';
import {
  APP_ROLE,
  clusterNamed,
  DATABASE_OPTIONS,
  type DatabaseAddress,
  type DatabaseLogin,
  type DatabaseOptions,
  LandlordDatabase,
  migrateDatabase,
  type MigrationReport,
  sqlState,
} from '#libs/database';

/** This process does not have the owner's login, which makes schemas and databases. */
export class OwnerLoginMissing extends Error {
  constructor() {
    super('Schemas and databases of tenants are made by the owner: set DB_OWNER_USERNAME and DB_OWNER_PASSWORD.');
  }
}

/** A place for tenants' data: a schema in a database of a cluster. */
export interface Place extends DatabaseAddress {
  readonly schema: string;
}

/** Written so in logs and reports. */
export function placeText({ cluster, database, schema }: Place): string {
  return `${cluster}/${database}/${schema}`;
}

const DATABASE_EXISTS = '42P04';
const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

const RECORD = `
  insert into place_version (cluster, database, schema, version, migrated_at, last_error)
  values ($1, $2, $3, $4, case when $5::text is null then now() end, $5)
  on conflict (cluster, database, schema) do update set updated_at = now(), last_error = excluded.last_error,
    version = coalesce(excluded.version, place_version.version),
    migrated_at = coalesce(excluded.migrated_at, place_version.migrated_at)`;

/**
 * Makes, migrates and removes the places of tenants, as the owner. Only where the owner's login is configured: the command
 * line, and a worker that is given it. The api never needs it.
 */
@Injectable()
export class TenantPlaces {
  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    private readonly landlord: LandlordDatabase,
  ) {}

  /** Whether this process may make places. */
  get canMake(): boolean {
    return this.options.owner !== undefined;
  }

  /** Makes the schema or database, if it is not there, and brings it up to date. Again changes nothing. */
  async prepare(placement: Placement): Promise<void> {
    if (placement.model === 'database') await this.makeDatabase(placement);
    await this.migrate(placement);
  }

  /** Brings a place up to date, and writes its version down. @throws what the migration threw; that is written down too */
  async migrate(place: Place): Promise<MigrationReport> {
    const kind = place.schema === 'public' ? 'tenant' : 'schema';
    try {
      const { schema } = place;
      const report = await migrateDatabase(kind, this.login(place), this.options.schemas, { schema });
      await this.record(place, report.version, null);
      return report;
    } catch (error) {
      await this.record(place, null, String(error).slice(0, 500));
      throw error;
    }
  }

  /** Removes a schema or database of one tenant with everything in it. Again changes nothing. */
  async remove(placement: Placement): Promise<void> {
    if (placement.model === 'shared') throw new Error('a shared place is not removed');
    const { cluster, database, schema } = placement;
    if (placement.model === 'schema') {
      await this.session(placement, (client) => client.query(`drop schema if exists ${name(schema)} cascade`));
    } else {
      const sql = `drop database if exists ${name(database)} with (force)`;
      await this.session({ cluster, database: this.sharedOf(cluster) }, (client) => client.query(sql));
    }
    await this.landlord.query('delete from place_version where cluster = $1 and database = $2 and schema = $3', [
      cluster,
      database,
      schema,
    ]);
  }

  /** The owner's login to a database. @throws OwnerLoginMissing */
  login({ cluster, database }: DatabaseAddress): DatabaseLogin {
    const { tenant, clusters, owner } = this.options;
    if (!owner) throw new OwnerLoginMissing();
    return { ...tenant, ...clusterNamed(clusters, cluster).write, database, ...owner };
  }

  /** Runs `work` on a connection of the owner's own. */
  async session<T>(address: DatabaseAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const { username, ...login } = this.login(address);
    const client = new pg.Client({ ...login, user: username, application_name: 'quoin owner' });
    // Whoever uses it is told by the statement that fails.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** The same doors as tools/stack/bootstrap-sql.mjs sets. */
  private async makeDatabase({ cluster, database }: DatabaseAddress): Promise<void> {
    const sql = `create database ${name(database)} template template0 encoding 'UTF8'`;
    await this.session({ cluster, database: this.sharedOf(cluster) }, async (client) => {
      try {
        await client.query(sql);
      } catch (error) {
        if (sqlState(error) !== DATABASE_EXISTS) throw error;
      }
    });
    await this.session({ cluster, database }, (client) =>
      client.query(`
        revoke all on database ${name(database)} from public;
        grant connect on database ${name(database)} to ${APP_ROLE};
        revoke all on schema public from public;
        alter schema public owner to current_user;
        grant usage on schema public to ${APP_ROLE}`),
    );
  }

  private sharedOf(cluster: string): string {
    const [shared] = clusterNamed(this.options.clusters, cluster).databases;
    if (shared === undefined) throw new Error(`cluster ${cluster} has no shared database`);
    return shared;
  }

  private async record({ cluster, database, schema }: Place, version: string | null, error: string | null) {
    await this.landlord.query(RECORD, [cluster, database, schema, version, error]);
  }
}

function name(identifier: string): string {
  if (!NAME.test(identifier)) throw new Error(`not a name of a schema or database: ${identifier}`);
  return identifier;
}
