import { randomUUID } from 'node:crypto';
import { MailServer } from '#libs/mail/testing';
import { Chance } from '../support/chance.js';
import type { Program } from '../support/program.js';
import { RunningSystem } from '../support/running-system.js';
import { TableLock } from '../support/table-lock.js';
import type { Id } from '../support/trader.js';
import { Auditor } from './auditor.js';
import { OrderLoad } from './order-load.js';
import { report, until, untilQuiet } from './recovery.js';

let mail: MailServer;
let system: RunningSystem;
let auditor: Auditor;

beforeAll(async () => {
  mail = await MailServer.start();
  system = await RunningSystem.start({
    apis: 2,
    workers: 1,
    env: { SMTP_URL: mail.url, LOG_LEVEL: 'warn', DB_TIMEOUT: '5' },
  });
  auditor = await Auditor.of(system.database);
}, 120_000);

afterAll(async () => {
  for (const api of system?.apis ?? []) api.signal('SIGCONT');
  await auditor?.dismiss();
  await system?.stop();
  await mail?.stop();
}, 60_000);

it('keeps the locks of a process that stands still no longer than half a minute, and refuses what it writes later', async () => {
  const [frozen, other] = system.apis as [Program, Program];
  const load = await OrderLoad.open(system, new Chance(1), 10);
  const order = (note: string) => ({
    customerId: load.customers[0]?.id,
    warehouseId: load.warehouse.id,
    confirm: true,
    note,
    lines: [{ productId: load.products[0]?.id, quantity: 7 }],
  });
  const send = async (api: Program, note: string): Promise<number | undefined> => {
    const headers = {
      authorization: `Bearer ${load.trader.token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    };
    const body = JSON.stringify(order(note));
    const answer = await fetch(`${api.url}/v1/sales-orders`, { method: 'POST', headers, body }).catch(() => undefined);
    return answer?.status;
  };

  // It is stopped while it waits for the product's row, and then has it. Later would be too late: the order and COMMIT leave together.
  const lock = await TableLock.on(system.database, 'stock_level');
  const stale = send(frozen, 'frozen');
  await lock.untilSomebodyWaits();
  frozen.signal('SIGSTOP');
  await lock.release();

  const stoppedAt = Date.now();
  const refusals: (number | undefined)[] = [];
  await until(
    'somebody else gets the product',
    async () => {
      const status = await send(other, 'other');
      if (status !== 201) refusals.push(status);
      return status === 201;
    },
    120_000,
  );
  const heldMs = Date.now() - stoppedAt;
  frozen.signal('SIGCONT');
  const staleStatus = await stale;
  report('frozen', { heldMs, refusals, staleStatus });
  expect(staleStatus).not.toBe(201);
  // Whoever had to wait was told to come again; nobody was told that the request was wrong.
  expect(refusals.filter((status) => status !== 503)).toEqual([]);

  await untilQuiet(system.database, load.trader.id);
  const orders = await load.trader.all<Id & { note?: string }>('/v1/sales-orders');
  expect(orders).toHaveLength(1);
  expect(await load.trader.levelOf(load.products[0] as Id)).toMatchObject({ onHand: 10, reserved: 7 });
  expect(await auditor.faultsOfOrders(load.trader.id)).toEqual([]);
}, 300_000);
