import { ModulesContainer } from '@nestjs/core';
import { isWithoutTenant } from '#libs/auth';
import { testConfig } from '#libs/config/testing';
import { routesIn } from '#libs/http';
import { testServer, type TestServer } from '#libs/http/testing';
import { ApiModule } from '../../apps/api/api.module.js';
import { type Estate, estateOf } from '../support/estate.js';
import { type Multiplication, multiply } from '../support/multiply.js';
import { RunningSystem } from '../support/running-system.js';
import { statementsDuring } from '../support/statements.js';
import { type Id, Trader } from '../support/trader.js';

const COPIES = 20;
const READINGS = 6;

/** What documents consist of, and what the trial balance sums up: many more in the same documents. */
const PARTS: readonly Multiplication[] = [
  { table: 'sales_order_line', keeps: ['order_id', 'product_id'] },
  { table: 'invoice_line', keeps: ['invoice_id', 'product_id', 'order_line_id'] },
  { table: 'credit_note_line', keeps: ['credit_note_id', 'product_id', 'invoice_line_id'] },
  { table: 'stock_receipt_line', keeps: ['receipt_id', 'product_id'] },
  { table: 'stock_adjustment_line', keeps: ['adjustment_id', 'product_id'] },
  { table: 'journal_line', keeps: ['entry_id', 'account_id'] },
  { table: 'account' },
  { table: 'account_balance' },
];

/** What grows with them: an answer that stays short would show nothing. */
const GROWING = [
  '/v1/credit-notes/:id',
  '/v1/invoices/:id',
  '/v1/journal-entries/:id',
  '/v1/sales-orders/:id',
  '/v1/stock-adjustments/:id',
  '/v1/stock-receipts/:id',
  '/v1/trial-balance',
  '/v1/users/:id',
];

interface Reading {
  readonly path: string;
  readonly rows: number;
  readonly statements: readonly string[];
}

let system: RunningSystem;
let server: TestServer;
let estate: Estate;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 1, workers: 1 });
  estate = await estateOf(await Trader.signUp(system));
  // What is kept in the cache asks the database nothing.
  const env = { ...system.environment(), CATALOGUE_CACHE_TTL_S: '0' };
  server = await testServer(ApiModule.forRoot(testConfig(env)), { env });
});

afterAll(async () => {
  await server?.stop();
  await system?.stop();
});

/** Every route that reads and gives no pages: one document, or one report. */
function details(): string[] {
  return routesIn(server.app.get(ModulesContainer, { strict: false }))
    .filter(({ method, controller, handler }) => method === 'GET' && !isWithoutTenant(handler, controller))
    .filter(({ path, inputs }) => path === '/v1/trial-balance' || !inputs.some(({ source }) => source === 'query'))
    .map(({ path }) => path)
    .toSorted();
}

/** The longest list in an answer. */
function rowsIn(body: unknown): number {
  if (Array.isArray(body)) return Math.max(body.length, ...body.map((item) => rowsIn(item)));
  return typeof body === 'object' && body !== null
    ? Math.max(0, ...Object.values(body).map((item) => rowsIn(item)))
    : 0;
}

async function read(path: string): Promise<Reading> {
  const headers = { authorization: `Bearer ${estate.trader.token}` };
  const url = path
    .replace(/([^/]+)\/:id/, (_, segment: string) => `${segment}/${estate.ids[segment]}`)
    .replace(':slug', estate.slug);
  let rows = 0;
  const statements = await statementsDuring(async () => {
    const response = await fetch(`${server.url}${url}`, { headers, redirect: 'manual' });
    if (response.status >= 400) throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`);
    if (response.headers.get('content-type')?.includes('json')) rows = rowsIn(await response.json());
  });
  return { path, rows, statements };
}

/** What else runs in the process (a session that is looked up again, a poll) only adds: the least of several counts. */
async function readAll(): Promise<Reading[]> {
  const readings = [];
  for (const path of details()) {
    let least = await read(path);
    for (let again = 1; again < READINGS; again++) {
      const one = await read(path);
      if (one.statements.length < least.statements.length) least = one;
    }
    readings.push(least);
  }
  return readings;
}

/** Twenty more lines in every document, and twenty more roles for a user. */
async function grow(): Promise<void> {
  await multiply(system.database, estate.trader.id, COPIES, PARTS);
  const names = Array.from({ length: COPIES }, (_, index) => `Role ${index}`);
  const roles = await Promise.all(
    names.map((name) => estate.trader.post<Id>('/v1/roles', { name, permissions: ['catalog.read'] })),
  );
  const roleIds = roles.map(({ id }) => id);
  const { status } = await estate.trader.send('PATCH', `/v1/users/${estate.ids['users']}`, { body: { roleIds } });
  expect(status).toBe(200);
}

it('reads a document of twenty lines with as many statements as one of one line, whatever the document', async () => {
  const small = await readAll();
  await grow();
  const large = await readAll();
  const counted = small.map(({ path, rows, statements }, index) => ({
    path,
    rows: [rows, large[index]!.rows],
    counts: [statements.length, large[index]!.statements.length],
  }));
  expect(counted.length).toBeGreaterThanOrEqual(18);
  expect(counted.filter(({ counts: [few, many] }) => few !== many)).toEqual([]);
  expect(counted.filter(({ counts }) => counts.some((count) => count > 8))).toEqual([]);
  const grown = counted.filter(({ rows: [few = 0, many = 0] }) => many > few && many >= COPIES).map(({ path }) => path);
  expect(grown).toEqual(GROWING);
});
