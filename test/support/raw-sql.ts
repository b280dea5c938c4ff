import pg from 'pg';
import type { Placement } from '#libs/context';
import type { TestDatabase } from '#libs/testing';

/** Everything that the application may read. */
const READABLE = `
  select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname in ($1, 'platform')
    and has_table_privilege(c.oid, 'SELECT') order by 1`;

/** A connection as the application's role with nothing of ours before it: what an injected statement would have. */
export class RawSql {
  private constructor(
    private readonly client: pg.Client,
    private readonly schema: string,
  ) {}

  /** To where a tenant lives. */
  static async open(database: TestDatabase, { database: name, schema }: Placement): Promise<RawSql> {
    const { host, port, username, password } = database.options.tenant;
    const client = new pg.Client({ host, port, database: name, user: username, password });
    await client.connect();
    return new RawSql(client, schema);
  }

  async readableTables(): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(READABLE, [this.schema]);
    return rows.map(({ name }) => name);
  }

  /** The columns of a table that a row may be inserted with. */
  async columnsOf(table: string): Promise<string> {
    const { rows } = await this.client.query<{ names: string }>(
      `select string_agg(quote_ident(attname), ', ') as names from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [table],
    );
    return rows[0]?.names ?? '';
  }

  /**
   * How many rows a statement gives or changes under this tenant (null: none was set), or the SQLSTATE with which it is
   * refused. It is rolled back.
   */
  async outcome(tenantId: string | null, sql: string, parameters: unknown[] = []): Promise<number | string> {
    await this.client.query('begin');
    try {
      if (tenantId !== null) await this.client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
      return (await this.client.query(sql, parameters)).rowCount ?? 0;
    } catch (error) {
      if (error instanceof pg.DatabaseError) return error.code ?? error.message;
      throw error;
    } finally {
      await this.client.query('rollback');
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
