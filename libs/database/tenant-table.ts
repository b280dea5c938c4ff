import type { QueryRunner } from 'typeorm';

/** What the application role may do with a table. It never gets TRUNCATE, REFERENCES or TRIGGER. */
export type Privilege = 'select' | 'insert' | 'update' | 'delete';

/** The role that api and worker log in as. It owns nothing and cannot bypass row-level security. */
export const APP_ROLE = 'quoin_app';

/** The role the relay changes to: it sees `platform.delivery` and nothing else. */
export const DISPATCHER_ROLE = 'quoin_dispatcher';

/** The only rows a transaction may touch. A sub-select, so that the planner evaluates it once and uses the indexes. */
export const TENANT_PREDICATE = `tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** What {@link tenantTable} adds to a table. */
export interface TenantTableOptions {
  /** Privileges of the application role; default: all four. Append-only tables grant select and insert. */
  readonly grants?: readonly Privilege[];
  /** Columns that get an index behind tenant_id each: foreign keys, status, slugs (requirement A9). */
  readonly indexes?: readonly (string | readonly string[])[];
}

/**
 * Makes a freshly created table a tenant table: forced row-level security, the one policy, grants and the indexes that
 * requirement A9 asks for. The catalogue scan in test/architecture fails on any table that was not sent through here. Tables of
 * lines, written with their documents, go through {@link indexTimesByBlock} afterwards.
 */
export async function tenantTable(runner: QueryRunner, table: string, options: TenantTableOptions = {}): Promise<void> {
  await enforceTenancy(runner, table);
  const grants = options.grants ?? ['select', 'insert', 'update', 'delete'];
  await runner.query(`grant ${grants.join(', ')} on ${table} to ${APP_ROLE}`);
  const plain = table.replace(/^.*\./, '');
  await runner.query(`create index ${plain}_created_at_idx on ${table} (tenant_id, created_at)`);
  for (const index of options.indexes ?? []) {
    const columns = typeof index === 'string' ? [index] : index;
    await runner.query(`create index ${plain}_${columns.join('_')}_idx on ${table} (tenant_id, ${columns.join(', ')})`);
  }
  await primaryKeyLast(runner, table);
}

/**
 * Gives append-only tables their index on (tenant_id, created_at) by ranges of blocks instead of by row. Rows of a document are
 * written together and never move, so that their time follows their place; an index entry for each would be written with every
 * line of every document, and nobody looks for single lines by time.
 */
export async function indexTimesByBlock(runner: QueryRunner, tables: readonly string[]): Promise<void> {
  await indexTimes(runner, tables, 'brin (tenant_id, created_at) with (autosummarize = on)');
}

/** Takes {@link indexTimesByBlock} back. */
export async function indexTimesByRow(runner: QueryRunner, tables: readonly string[]): Promise<void> {
  await indexTimes(runner, tables, 'btree (tenant_id, created_at)');
}

async function indexTimes(runner: QueryRunner, tables: readonly string[], definition: string): Promise<void> {
  for (const table of tables) {
    await runner.query(`drop index ${table}_created_at_idx`);
    await runner.query(`create index ${table}_created_at_idx on ${table} using ${definition}`);
  }
}

/**
 * Whether another table points at this one. By its triggers, which are found in an index: pg_constraint has none for this, and
 * a thousand schemas have half a million rows there.
 */
const REFERENCED = `
  select from pg_trigger t join pg_constraint f on f.oid = t.tgconstraint
  where t.tgrelid = $1::regclass and f.contype = 'f' and f.confrelid = t.tgrelid`;

/**
 * Makes the primary key anew, behind the other indexes. All of them begin with the tenant, so on an empty table they
 * cost the planner the same, and it takes the newest. Checks of foreign keys are planned once per connection, often
 * on empty tables: with another index they would read all rows of the tenant until the table is analyzed.
 */
async function primaryKeyLast(runner: QueryRunner, table: string): Promise<void> {
  const [key] = (await runner.query(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = $1::regclass and contype = 'p'
       and not exists (${REFERENCED})`,
    [table],
  )) as { name: string; definition: string }[];
  if (!key) return;
  await runner.query(`alter table ${table} drop constraint ${key.name}`);
  await runner.query(`alter table ${table} add constraint ${key.name} ${key.definition}`);
}

/** Row-level security and the tenant policy alone: for partitions, which are never granted to anybody. */
export async function enforceTenancy(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`alter table ${table} enable row level security`);
  await runner.query(`alter table ${table} force row level security`);
  await runner.query(
    `create policy tenant_isolation on ${table} for all to public using (${TENANT_PREDICATE}) with check (${TENANT_PREDICATE})`,
  );
}
