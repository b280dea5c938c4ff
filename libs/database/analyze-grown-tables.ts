import pg from 'pg';
import type { DatabaseLogin } from './data-source.js';

/** Outbox, deliveries and what else each database has once, for all tenants in it. */
const PLATFORM_SCHEMA = 'platform';

/** Tables of which the planner knows less than half the pages: filled since it was told, and autovacuum has not come by. */
const GROWN = `
  select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname = any($1) and pg_relation_size(c.oid) > 2 * greatest(c.relpages, 0) * current_setting('block_size')::bigint
    and pg_catalog.pg_has_role(c.relowner, 'usage')
  order by c.oid`;

/**
 * Refreshes the planner's statistics of tables that have grown twofold since they were last looked at, as the owner. After much
 * was written into new tables it is worth it: until autovacuum comes, the planner takes them for empty. Tables that others
 * filled long ago cost nothing.
 * @param schema where the tenant's tables are; those of the platform are looked at too
 */
export async function analyzeGrownTables(owner: DatabaseLogin, schema: string): Promise<void> {
  const { username, ...login } = owner;
  const client = new pg.Client({ ...login, user: username });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(GROWN, [[schema, PLATFORM_SCHEMA]]);
    if (rows.length > 0) await client.query(`analyze (skip_locked) ${rows.map(({ name }) => name).join(', ')}`);
  } finally {
    await client.end();
  }
}
