import { jest } from '@jest/globals';
import pg from 'pg';
import { isWithoutTenant } from '#libs/auth';
import { testConfig } from '#libs/config/testing';
import { routesIn } from '#libs/http';
import { testServer, type TestServer } from '#libs/http/testing';
import { ModulesContainer } from '@nestjs/core';
import { ApiModule } from '../../apps/api/api.module.js';
import { type Estate, estateOf } from '../support/estate.js';
import { type Multiplication, multiply } from '../support/multiply.js';
import { RunningSystem } from '../support/running-system.js';
import { type Id, type PageOf, Trader } from '../support/trader.js';

const COPIES = 50;
const READINGS = 4;

const whole = (...tables: string[]): Multiplication[] => tables.map((table) => ({ table }));

/** An order with many shipments and payments, a payment with many refunds: before the orders themselves are copied. */
const PARTS: readonly Multiplication[] = [
  { table: 'sales_shipment', keeps: ['order_id', 'warehouse_id'], apart: true },
  { table: 'payment', keeps: ['order_id'], apart: true },
  { table: 'refund', keeps: ['payment_id'], apart: true },
];

const ESTATE: readonly Multiplication[] = [
  ...whole('category', 'product', 'customer', 'warehouse', 'stock_level', 'stock_movement'),
  ...whole('stock_receipt', 'stock_receipt_line', 'stock_adjustment', 'stock_adjustment_line'),
  ...whole('sales_order', 'sales_order_line', 'invoice', 'invoice_line', 'invoice_tax'),
  ...whole('credit_note', 'credit_note_line', 'credit_note_tax'),
  ...whole('account', 'journal_entry', 'journal_line', 'app_user', 'identity_provider'),
  { table: 'user_role', keeps: ['role_id'] },
  { table: 'session', keeps: ['user_id'] },
  { table: 'api_key', keeps: ['user_id'] },
];

let system: RunningSystem;
let server: TestServer;
let estate: Estate;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 1, workers: 1 });
  estate = await estateOf(await Trader.signUp(system));
  await multiply(system.database, estate.trader.id, COPIES, PARTS);
  await multiply(system.database, estate.trader.id, COPIES, ESTATE);
  // Their names are compared in a way of their own, and one of them is the owner's.
  const role = (index: number) => estate.trader.post('/v1/roles', { name: `Role ${index}`, permissions: [] });
  await Promise.all(Array.from({ length: COPIES }, (_, index) => role(index)));
  // What is kept in the cache asks the database nothing.
  const env = { ...system.environment(), CATALOGUE_CACHE_TTL_S: '0' };
  server = await testServer(ApiModule.forRoot(testConfig(env)), { env });
});

afterAll(async () => {
  await server?.stop();
  await system?.stop();
});

/** Every route that gives pages, with the estate's ids in its path. */
function lists(): string[] {
  return routesIn(server.app.get(ModulesContainer, { strict: false }))
    .filter(({ method, inputs }) => method === 'GET' && inputs.some(({ source }) => source === 'query'))
    .filter(({ controller, handler }) => !isWithoutTenant(handler, controller))
    .map(({ path }) => path.replace(/([^/]+)\/:id/, (_, segment: string) => `${segment}/${estate.ids[segment]}`))
    .filter((path) => path !== '/v1/trial-balance');
}

async function page(path: string, limit: number): Promise<number> {
  const headers = { authorization: `Bearer ${estate.trader.token}` };
  const response = await fetch(`${server.url}${path}?limit=${limit}`, { headers });
  const { items } = (await response.json()) as PageOf<Id>;
  return items.length;
}

/** What one request asks of PostgreSQL. Who the tenant is, is remembered for a while and no part of it. */
async function statementsFor(path: string, limit: number): Promise<{ items: number; statements: string[] }> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    const items = await page(path, limit);
    const texts = spy.mock.calls.map(([query]: unknown[]) =>
      typeof query === 'string' ? query : ((query as { text?: string }).text ?? ''),
    );
    return { items, statements: texts.filter((text) => !text.includes('from tenant t join placement')) };
  } finally {
    spy.mockRestore();
  }
}

/** What else runs in the process (a look at what was revoked, at limits) only adds: the least of several counts. */
async function leastFor(path: string, limit: number): Promise<Awaited<ReturnType<typeof statementsFor>>> {
  let least = await statementsFor(path, limit);
  for (let again = 1; again < READINGS; again++) {
    const one = await statementsFor(path, limit);
    if (one.statements.length < least.statements.length) least = one;
  }
  return least;
}

it('reads a page of 50 with as many statements as a page of 5, whatever the list', async () => {
  const found = [];
  for (const path of lists()) {
    await page(path, 1);
    const five = await leastFor(path, 5);
    const fifty = await leastFor(path, 50);
    const counts = [five.statements.length, fifty.statements.length];
    found.push({ path, items: [five.items, fifty.items], counts, equal: counts[0] === counts[1] });
  }
  expect(found.length).toBeGreaterThanOrEqual(20);
  expect(found.filter(({ items: [five, fifty] }) => five !== 5 || fifty !== 50)).toEqual([]);
  expect(found.filter(({ equal }) => !equal)).toEqual([]);
  // BEGIN and COMMIT are two of them: fewer would mean that nothing was counted, many more that somebody should look.
  expect(found.filter(({ counts }) => counts.some((count) => count < 3 || count > 6))).toEqual([]);
});
