import type pg from 'pg';
import { PlacesDiffer } from './move.errors.js';
import { asTenant } from './tenant-gates.js';
import type { TableProof } from './tenant-moves.repository.js';

/** A table that holds rows of tenants. */
export interface TenantTable {
  readonly schema: string;
  readonly name: string;
  /** In their order in the table. */
  readonly columns: readonly string[];
  /** Those that PostgreSQL works out by itself. */
  readonly generated: readonly string[];
}

const TABLES = `
  select n.nspname as schema, c.relname as name,
    array_agg(quote_ident(a.attname) order by a.attnum) as columns,
    coalesce(array_agg(quote_ident(a.attname)) filter (where a.attgenerated <> ''), '{}') as generated
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'tenant_gate'
  group by 1, 2 having bool_or(a.attname = 'tenant_id') order by 1, 2`;

/** Texts of values must not depend on who asks; and rows are copied, not booked again. */
const SESSION = `
  set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set bytea_output = 'hex';
  set extra_float_digits = 3; set xmloption = 'content'; set search_path = pg_catalog; set statement_timeout = 0`;

const BATCH_ROWS = 1_000;

/** Settles a connection for copying and comparing. */
export async function settleForCopying(client: pg.Client): Promise<void> {
  await client.query(SESSION);
}

/** The tables of tenants in these schemas. */
export async function tenantTables(client: pg.Client, schemas: readonly string[]): Promise<TenantTable[]> {
  const { rows } = await client.query<TenantTable>(TABLES, [schemas]);
  return rows;
}

/** The pairs to copy: the same tables with the same columns in both places. @throws PlacesDiffer */
export function pairs(
  sources: readonly TenantTable[],
  targets: readonly TenantTable[],
): { source: TenantTable; target: TenantTable }[] {
  const kind = ({ schema, name }: TenantTable) => `${schema === 'platform' ? 'platform.' : ''}${name}`;
  const bySource = new Map(sources.map((table) => [kind(table), table]));
  for (const target of targets) if (!bySource.has(kind(target))) throw new PlacesDiffer(target.name);
  const byTarget = new Map(targets.map((table) => [kind(table), table]));
  return sources.map((source) => {
    const target = byTarget.get(kind(source));
    const differs = !target || target.columns.toSorted().join() !== source.columns.toSorted().join();
    if (differs) throw new PlacesDiffer(source.name);
    return { source, target };
  });
}

/** Removes the tenant's rows. No trigger runs, no reference is checked: all of its rows go. */
export async function removeRows(client: pg.Client, tenantId: string, tables: readonly TenantTable[]): Promise<void> {
  await asTenant(client, tenantId, async () => {
    await client.query(`set local session_replication_role = 'replica'`);
    for (const table of tables) await client.query(`delete from ${sqlName(table)} where tenant_id = $1`, [tenantId]);
  });
}

/** Copies the tenant's rows of one table as they are: no trigger runs, no default is filled in. */
export async function copyRows(
  from: { client: pg.Client; table: TenantTable },
  to: { client: pg.Client; table: TenantTable },
  tenantId: string,
): Promise<void> {
  // Rows travel as PostgreSQL writes them, in the order of the target's columns, and are read back as its rows.
  const select = `select row(${to.table.columns.join(', ')})::text as row from ${sqlName(from.table)} where tenant_id = '${tenantId}'`;
  const columns = to.table.columns.filter((column) => !to.table.generated.includes(column));
  const insert = `
    insert into ${sqlName(to.table)} (${columns.join(', ')})
    select ${columns.map((column) => `(r.row).${column}`).join(', ')}
    from (select t::${sqlName(to.table)} as row from unnest($1::text[]) t offset 0) r`;
  await asTenant(from.client, tenantId, async () => {
    await from.client.query(`declare moving no scroll cursor for ${select}`);
    await asTenant(to.client, tenantId, async () => {
      await to.client.query(`set local session_replication_role = 'replica'`);
      for (;;) {
        const { rows } = await from.client.query<{ row: string }>(`fetch ${BATCH_ROWS} from moving`);
        if (rows.length === 0) return;
        await to.client.query(insert, [rows.map(({ row }) => row)]);
      }
    });
  });
}

/**
 * What the tenant's rows of one table are compared by: their number, and the sum of a 128-bit hash of every row's text, which
 * does not depend on their order. The columns are taken in the given order.
 */
export async function proofOf(
  client: pg.Client,
  table: TenantTable,
  columns: readonly string[],
  tenantId: string,
): Promise<TableProof> {
  const part = (from: number) => `sum(('x' || substr(h, ${from}, 16))::bit(64)::bigint::numeric)`;
  const sql = `
    select count(*)::text as rows, coalesce((${part(1)})::text || ' ' || (${part(17)})::text, 'none') as checksum
    from (select md5(row(${columns.join(', ')})::text) as h from ${sqlName(table)} where tenant_id = $1) r`;
  const { rows } = await asTenant(client, tenantId, () => client.query<Omit<TableProof, 'name'>>(sql, [tenantId]));
  const [found] = rows;
  if (!found) throw new Error(`no answer about ${table.name}`);
  return { name: `${table.schema === 'platform' ? 'platform.' : ''}${table.name}`, ...found };
}

function sqlName({ schema, name }: TenantTable): string {
  return `${schema}.${name}`;
}
