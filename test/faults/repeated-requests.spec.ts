import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chance } from '../support/chance.js';
import { type FinalAnswer, insist } from '../support/insistent.js';
import type { Program } from '../support/program.js';
import { RunningSystem } from '../support/running-system.js';
import { TableLock } from '../support/table-lock.js';
import { type Id, type Order, type Payment, Trader } from '../support/trader.js';

const RACERS = 50;

let system: RunningSystem;
let trader: Trader;
let product: Id;
let order: (note: string) => object;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 2, workers: 1, env: { AUTH_ACCESS_TTL_S: '86400' } });
  trader = await Trader.signUp(system);
  product = await trader.product('MUG', '10.00');
  const warehouse = await trader.warehouse('MAIN');
  const customer = await trader.customer('Ada Ltd', 'ada@example.test');
  await trader.receive(warehouse, product, 1_000, '5.00');
  const lines = [{ productId: product.id, quantity: 3 }];
  order = (note) => ({ customerId: customer.id, warehouseId: warehouse.id, confirm: true, note, lines });
}, 120_000);

afterAll(() => system?.stop(), 60_000);

const fiftyTimes = (path: string, key: string, body: unknown): Promise<FinalAnswer[]> =>
  Promise.all(Array.from({ length: RACERS }, () => insist(system, trader, path, key, body)));

const ordersNoted = async (note: string): Promise<number> => {
  const [row] = await system.database.asSuperuser<{ count: number }>(
    'select count(*)::int as count from sales_order where note = $1',
    [note],
  );
  return row?.count ?? 0;
};

const reserved = async (): Promise<number> => (await trader.levelOf(product))?.reserved ?? 0;

function expectOneAnswer(answers: readonly FinalAnswer[]): void {
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
  // None, when the one who was answered first was cut off.
  expect(answers.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);
}

async function kill(api: Program): Promise<void> {
  await api.end('SIGKILL');
  await system.add('api');
}

it('has one effect and one answer of fifty identical orders at once, while apis are killed', async () => {
  const chance = Chance.ofThisRun();
  process.stdout.write(`    seed: FAULT_SEED=${chance.seed}\n`);
  let cutOff = 0;
  for (let round = 0; round < 4; round += 1) {
    const note = `round ${round}`;
    const before = await reserved();
    const running = fiftyTimes('/v1/sales-orders', randomUUID(), order(note));
    await sleep(chance.between(0, 60));
    await kill(chance.pick(system.apis.filter((api) => api.isRunning)));
    const answers = await running;
    expectOneAnswer(answers);
    expect([await ordersNoted(note), (await reserved()) - before]).toEqual([1, 3]);
    cutOff += answers.reduce((sum, { unanswered }) => sum + unanswered, 0);
  }
  expect(cutOff).toBeGreaterThan(0);
}, 240_000);

it('gives the answer of a process that was killed between the effect and its answer', async () => {
  const [key, note] = [randomUUID(), 'committed and not told'];
  const [doomed, other] = system.apis.filter((api) => api.isRunning) as [Program, Program];
  // Everything is done but for writing the answer down, which travels with the COMMIT: both are at the server already.
  const lock = await TableLock.on(system.database, 'platform.idempotency_key');
  const untold = fetchFrom(doomed, key, note);
  await lock.untilSomebodyWaits();
  const early = await fetchFrom(other, key, note);
  expect([early?.status, early?.headers.get('retry-after')]).toEqual([409, '1']);
  // Nobody may wait for the lock so long that the server gives up: the process that takes its place comes later.
  await doomed.end('SIGKILL');
  expect(await untold).toBeUndefined();
  await lock.release();
  const told = await insist(system, trader, '/v1/sales-orders', key, order(note));
  expect([told.status, told.replayed]).toEqual([201, true]);
  expect((JSON.parse(told.text) as Order).lines).toMatchObject([{ ordered: 3, reserved: 3 }]);
  expect(await ordersNoted(note)).toBe(1);
  await system.add('api');
}, 120_000);

it('has no effect of a process that was killed before its effect was whole, and the repetition has it', async () => {
  const [key, note] = [randomUUID(), 'begun and not done'];
  const [doomed] = system.apis.filter((api) => api.isRunning) as [Program];
  // What is in stock must be known before an order is written: nothing of the COMMIT is at the server yet.
  const lock = await TableLock.on(system.database, 'stock_level');
  const untold = fetchFrom(doomed, key, note);
  await lock.untilSomebodyWaits();
  await doomed.end('SIGKILL');
  expect(await untold).toBeUndefined();
  await lock.release();
  const told = await insist(system, trader, '/v1/sales-orders', key, order(note));
  expect([told.status, told.replayed, await ordersNoted(note)]).toEqual([201, false, 1]);
  await system.add('api');
}, 120_000);

it('takes one payment of fifty identical requests at once, and gives it back once, with Redis wiped in between', async () => {
  const placed = await trader.post<Order>('/v1/sales-orders', order('to be paid'));
  const path = `/v1/sales-orders/${placed.id}/payments`;
  const key = randomUUID();
  const asked = fiftyTimes(path, key, { method: 'pm_ok' });
  await system.redis.flushAll();
  expectOneAnswer(await asked);
  await system.redis.flushAll();
  const later = await insist(system, trader, path, key, { method: 'pm_ok' });
  expect(later.replayed).toBe(true);
  const { id } = JSON.parse(later.text) as Id;
  const payment = await trader.ended(id);
  const refunds = `/v1/payments/${id}/refunds`;
  const refunding = fiftyTimes(refunds, randomUUID(), { amount: { amount: '5.00', currency: 'GBP' } });
  await system.redis.flushAll();
  expectOneAnswer(await refunding);
  expect((await trader.get<{ items: readonly Payment[] }>(refunds)).items).toHaveLength(1);
  expect(payment.status).toBe('captured');
  const log = await system.payments.log();
  const charges = log.flatMap(({ charge }) => (charge?.reference === id ? [charge.id] : []));
  expect(new Set(charges).size).toBe(1);
  const other = await trader.send<{ code: string }>('POST', path, {
    body: { method: 'pm_declined' },
    headers: { 'idempotency-key': key },
  });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency.key_reused']);
}, 180_000);

it('looks at the key on every route that changes something', async () => {
  const { paths } = await trader.get<{ paths: Record<string, object> }>('/v1/openapi.json');
  const mutations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).flatMap((method) => (method === 'get' ? [] : [`${method.toUpperCase()} ${path}`])),
  );
  // Of operators alone: this caller does not get so far.
  const ours = mutations.filter((name) => !/ \/v1\/(landlord|operator)\//.test(name));
  expect(ours.length).toBeGreaterThan(40);
  const codes = await Promise.all(
    ours.map(async (name) => {
      const [method = '', path = ''] = name.split(' ');
      const address = path.replaceAll(/\{\w+\}/g, randomUUID());
      const headers = { 'idempotency-key': 'a, b' };
      return [name, (await trader.send<{ code?: string } | undefined>(method, address, { headers })).body?.code];
    }),
  );
  expect(codes.filter(([, code]) => code !== 'idempotency.key_invalid')).toEqual([]);
});

async function fetchFrom(api: Program, key: string, note: string): Promise<Response | undefined> {
  const headers = {
    authorization: `Bearer ${trader.token}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  };
  const body = JSON.stringify(order(note));
  return fetch(`${api.url}/v1/sales-orders`, { method: 'POST', headers, body }).catch(() => undefined);
}
