import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { UserFault } from '../../stack/progress.mjs';
import { BULK_TABLES, copyLines } from './bulk-rows.mjs';
import { cloneRows, registerTenants, tablesOf } from './clone-tenants.mjs';
import { tenantId } from './ids.mjs';
import { signUpTemplate, stockTemplate } from './template.mjs';

/** Orders that one transaction brings in: what is lost when the work is interrupted. */
const CHUNK_ORDERS = 50_000;
const PIECE_BYTES = 1 << 18;

// Whoever copies rows by the million does not run their triggers: they refer to nothing that is not copied too.
const TRUSTING = 'set session_replication_role = replica; set synchronous_commit = off';

const NOTES = `
  create schema if not exists bench;
  create table if not exists bench.chunk (first_tenant integer primary key, last_tenant integer not null);
  create table if not exists bench.pattern (name text primary key, value jsonb not null)`;

/** Made once per database, also when the work is interrupted and taken up again. */
async function remembered(client, name, make) {
  const { rows } = await client.query('select value from bench.pattern where name = $1', [name]);
  if (rows.length > 0) return rows[0].value;
  const value = await make();
  await client.query('insert into bench.pattern values ($1, $2)', [name, JSON.stringify(value)]);
  return value;
}

/** The template's row of a table as COPY would write it, column by column. */
async function patternOf(client, table, templateId) {
  const columns = `select attname as name from pg_attribute
    where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`;
  const { rows } = await client.query(columns, [table]);
  const casts = rows.map(({ name }) => `"${name}"::text`).join(', ');
  const found = await client.query(`select ${casts} from ${table} where tenant_id = $1 limit 1`, [templateId]);
  return found.rows[0];
}

/** Streams SQL with COPY data in it to psql. */
class Psql {
  #child;
  #stderr = '';
  #piece = '';

  constructor(primary, database) {
    const args = [
      '-X',
      '-q',
      '-v',
      'ON_ERROR_STOP=1',
      '-d',
      primary.superuserUrl.replace(/\/postgres$/, `/${database}`),
    ];
    this.#child = spawn(join(primary.bin, 'psql'), args, { cwd: '/', stdio: ['pipe', 'ignore', 'pipe'] });
    this.#child.stderr.on('data', (chunk) => (this.#stderr += chunk));
    this.#child.stdin.on('error', () => this.#child.stdin.destroy());
    this.ended = once(this.#child, 'close');
  }

  async write(text) {
    this.#piece += text;
    if (this.#piece.length >= PIECE_BYTES) await this.#flush();
  }

  async #flush() {
    const piece = this.#piece;
    this.#piece = '';
    if (!this.#child.stdin.write(piece)) await Promise.race([once(this.#child.stdin, 'drain'), this.ended]);
    if (this.#child.stdin.destroyed) await this.end();
  }

  /** @throws {UserFault} with what psql said */
  async end() {
    if (!this.#child.stdin.destroyed) this.#child.stdin.end(this.#piece);
    const [code] = await this.ended;
    if (code !== 0) throw new UserFault(`Copying the bench's data failed: ${this.#stderr.trim().slice(0, 1_000)}`);
  }
}

async function copyChunk(primary, database, patterns, size, from, to) {
  const psql = new Psql(primary, database);
  await psql.write(`${TRUSTING};\nbegin;\n`);
  for (const table of BULK_TABLES) {
    const columns = Object.keys(patterns[table]).map((column) => `"${column}"`);
    await psql.write(`copy ${table} (${columns.join(', ')}) from stdin;\n`);
    for (let tenant = from; tenant <= to; tenant++) {
      for (const line of copyLines(table, patterns[table], tenant, size)) await psql.write(line);
    }
    await psql.write('\\.\n');
  }
  await psql.write(`insert into bench.chunk values (${from}, ${to});\ncommit;\n`);
  await psql.end();
}

async function chunksLeft(client, { tenants, orders }) {
  const step = Math.max(1, Math.floor(CHUNK_ORDERS / Math.max(1, orders)));
  const { rows } = await client.query('select last_tenant from bench.chunk');
  const done = rows.reduce((last, row) => Math.max(last, row.last_tenant), 0);
  const left = [];
  for (let from = done + 1; from <= tenants; from += step) left.push([from, Math.min(from + step - 1, tenants)]);
  return left;
}

/**
 * Fills the databases of a stack with tenants that have products, customers, stock and orders, or goes on where an earlier
 * attempt was interrupted.
 * @param {{ primary: import('../../stack/postgres.mjs').PostgresServer, database: string, tenant: pg.Client, landlord: pg.Client,
 *   apiUrl: string, size: { tenants: number, products: number, customers: number, orders: number } }} place `orders` per
 *   tenant; the clients are the superuser's
 * @param {(done: number, of: number) => void} progress in tenants
 */
export async function buildData({ primary, database, tenant, landlord, apiUrl, size }, progress = () => undefined) {
  await tenant.query(NOTES);
  const templateId = await remembered(tenant, 'template', () => signUpTemplate(apiUrl));
  const tables = await remembered(tenant, 'tables', () => tablesOf(tenant, templateId));
  const landlordTables = await remembered(tenant, 'landlord', () => tablesOf(landlord, templateId));
  await remembered(tenant, 'stocked', () => stockTemplate(apiUrl));
  const patterns = {};
  for (const table of BULK_TABLES) patterns[table] = await patternOf(tenant, table, templateId);
  const left = await chunksLeft(tenant, size);
  for (const [from, to] of left) {
    await registerAndClone({ tenant, landlord, tables, landlordTables, templateId, from, to });
    await copyChunk(primary, database, patterns, size, from, to);
    progress(to, size.tenants);
  }
  if (left.length === 0) return;
  await tenant.query('vacuum analyze');
  await landlord.query('vacuum analyze');
}

/** What an interrupted attempt left of these tenants is cleared away first: only the last statement of a chunk says it is done. */
async function registerAndClone({ tenant, landlord, tables, landlordTables, templateId, from, to }) {
  for (const [client, cloned] of [
    [tenant, tables],
    [landlord, landlordTables],
  ]) {
    await client.query(TRUSTING);
    await client.query('begin');
    for (const { name } of cloned)
      await client.query(`delete from ${name} where tenant_id = any ($1)`, [idsOf(from, to)]);
    if (client === landlord) {
      await client.query('delete from tenant where id = any ($1)', [idsOf(from, to)]);
      await registerTenants(client, cloned, templateId, from, to);
    } else await cloneRows(client, cloned, templateId, from, to);
    await client.query('commit');
  }
}

function idsOf(from, to) {
  return Array.from({ length: to - from + 1 }, (_, index) => tenantId(from + index));
}
