import pg from 'pg';
import type { Placement } from '#libs/context';
import type { TestDatabase } from '#libs/testing';
import { testStack } from '#libs/testing';
import { eventually } from './eventually.js';

type Place = Pick<Placement, 'database' | 'schema'>;

const sharedOf = (database: TestDatabase): Place => ({ database: database.options.tenant.database, schema: 'public' });

/** Holds up everybody who writes to a table: what is under way stays under way until the lock is released. */
export class TableLock {
  private constructor(
    private readonly client: pg.Client,
    private readonly database: TestDatabase,
    private readonly table: string,
    private readonly place: Place,
  ) {}

  /** @param place where the tenant lives; default: the shared tables */
  static async on(database: TestDatabase, table: string, place: Place = sharedOf(database)): Promise<TableLock> {
    const url = new URL(testStack().postgres.superuser);
    url.pathname = `/${place.database}`;
    url.searchParams.set('options', `-c search_path=${place.schema}`);
    const client = new pg.Client(url.href);
    await client.connect();
    await client.query('begin');
    await client.query(`lock table ${table} in exclusive mode`);
    return new TableLock(client, database, table, place);
  }

  /** Resolves when somebody stands before the lock. */
  async untilSomebodyWaits(): Promise<void> {
    await eventually(`somebody waits for ${this.table}`, async () => {
      const [waiting] = await this.database.asSuperuserAt<{ count: number }>(
        this.place,
        'select count(*)::int as count from pg_locks where not granted and relation = $1::regclass',
        [this.table],
      );
      return (waiting?.count ?? 0) > 0;
    });
  }

  async release(): Promise<void> {
    await this.client.end();
  }
}
