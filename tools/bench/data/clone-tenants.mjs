import { idSql } from './ids.mjs';

const quote = (name) => `"${name}"`;

const COLUMNS = `
  select c.table_schema as schema, c.table_name as name, c.column_name as column, c.udt_name as type
  from information_schema.columns c
  join information_schema.tables t using (table_schema, table_name)
  where t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' and c.table_schema in ('public', 'platform')
  order by c.table_schema, c.table_name, c.ordinal_position`;

const isPartition = `select 1 from pg_inherits where inhrelid = $1::regclass`;

async function tenantTables(client) {
  const { rows } = await client.query(COLUMNS);
  const tables = Map.groupBy(rows, ({ schema, name }) => `${quote(schema)}.${quote(name)}`);
  const found = [];
  for (const [name, columns] of tables) {
    if (!columns.some(({ column }) => column === 'tenant_id')) continue;
    if ((await client.query(isPartition, [name])).rowCount === 0) found.push({ name, columns });
  }
  return found;
}

/**
 * The tables in which the template has rows just now: what a fresh tenant consists of. What is no part of it but happens to
 * be there (events, sessions, sign-ups) is left out.
 */
export async function tablesOf(client, templateId) {
  const filled = [];
  for (const table of await tenantTables(client)) {
    if (/^"platform"|session|refresh|sign_up|landlord_audit/.test(table.name)) continue;
    const { rowCount } = await client.query(`select 1 from ${table.name} where tenant_id = $1 limit 1`, [templateId]);
    if (rowCount > 0) filled.push(table);
  }
  return filled;
}

const NUMBER = 'n.number';

/** Another id for each tenant; of version 7 to the eye, because ids that are none are refused. */
function mapped(id) {
  const digest = `md5(${NUMBER} || ' ' || ${id})`;
  return `overlay(overlay(${digest} placing '7' from 13 for 1) placing '8' from 17 for 1)::uuid`;
}

function expressionOf({ column, type }) {
  if (column === 'tenant_id') return idSql(NUMBER, 0, 0);
  // Every reference inside a tenant is mapped like the id it refers to.
  if (type === 'uuid') return mapped(`t.${quote(column)}`);
  return `t.${quote(column)}`;
}

/** Copies the template's rows of these tables for tenants `from` to `to`; run it with triggers and foreign keys off. */
export async function cloneRows(client, tables, templateId, from, to) {
  for (const { name, columns } of tables) {
    const names = columns.map(({ column }) => quote(column)).join(', ');
    const expressions = columns.map(expressionOf).join(', ');
    await client.query(
      `insert into ${name} (${names}) select ${expressions} from ${name} t, generate_series($2::int, $3::int) n (number)
       where t.tenant_id = $1`,
      [templateId, from, to],
    );
  }
}

/** Makes tenants known to the landlord, as the template is. */
export async function registerTenants(client, tables, templateId, from, to) {
  const { rows } = await client.query(COLUMNS);
  const columns = rows
    .filter(({ schema, name }) => schema === 'public' && name === 'tenant')
    .map(({ column }) => column);
  const given = { id: idSql(NUMBER, 0, 0), slug: `'bench-' || ${NUMBER}` };
  const expressions = columns.map((column) => given[column] ?? `t.${quote(column)}`).join(', ');
  await client.query(
    `insert into tenant (${columns.map(quote).join(', ')}) select ${expressions}
     from tenant t, generate_series($2::int, $3::int) n (number) where t.id = $1`,
    [templateId, from, to],
  );
  await cloneRows(client, tables, templateId, from, to);
}
