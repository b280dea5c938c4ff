import type { TestDatabase } from '#libs/testing';

/** Copies of rows: each column as SQL, from the row and the number of the copy, `i`. */
const COLUMNS = `
  select string_agg(quote_ident(attname), ', ' order by attnum) as names, string_agg(case
    when attname = 'tenant_id' or attname = any ($2) then quote_ident(attname)
    when atttypid = 'uuid'::regtype then format('md5($s$%s$s$ || i || %I)::uuid', $3::text, attname)
    when attname in ('code', 'email', 'name', 'number', 'provider_ref', 'role', 'sku', 'slug')
      then format('%I || $s$%s$s$ || i', attname, $4::text)
    when attname = 'key_hash' then format('encode(sha256((%I || i)::bytea), $s$hex$s$)', attname)
    when atttypid = 'integer'::regtype and exists (
      select from pg_index where indrelid = attrelid and indisunique and attnum = any (indkey)
    ) then format('%I + 1000 * i', attname)
    else quote_ident(attname) end, ', ' order by attnum) as expressions
  from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`;

/** Numbers and codes of copies look otherwise than those that Quoin gives. */
const WITHOUT_CHECKS = `
  do $$ declare c record; begin
    for c in select conrelid::regclass as name, conname from pg_constraint where contype = 'c' and conislocal
      and coninhcount = 0 and connamespace = 'public'::regnamespace
    loop execute format('alter table %s drop constraint %I', c.name, c.conname); end loop;
  end $$`;

/** What to copy, and which references of the copies stay with the original. */
export interface Multiplication {
  readonly table: string;
  readonly keeps?: readonly string[];
  /** The copies get ids and numbers that no others get: when the table is copied twice. */
  readonly apart?: true;
}

/**
 * Copies all rows of a tenant in some tables, so that lists are long without thousands of requests. Copies refer to the
 * copies of what their originals refer to, so whatever has lines has them too. Triggers and foreign keys look away, and the
 * database has no CHECK constraints any more.
 */
export async function multiply(
  database: TestDatabase,
  tenantId: string,
  times: number,
  multiplications: readonly Multiplication[],
): Promise<void> {
  const statements: string[] = [];
  for (const [index, { table, keeps = [], apart }] of multiplications.entries()) {
    const parameters = [table, keeps, apart ? `apart ${index}` : '', apart ? 'k' : '-'];
    const [columns] = await database.asSuperuser<{ names: string; expressions: string }>(COLUMNS, parameters);
    if (!columns) throw new Error(`${table} has no columns`);
    const { names, expressions } = columns;
    statements.push(
      `insert into ${table} (${names}) select ${expressions}
       from (select * from ${table} where tenant_id = '${tenantId}') as original, generate_series(1, ${times}) as i`,
    );
  }
  await database.asSuperuser([WITHOUT_CHECKS, 'set session_replication_role = replica', ...statements].join(';\n'));
}
