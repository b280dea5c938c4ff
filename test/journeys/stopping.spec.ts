import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import type { Program } from '../support/program.js';
import { ISOLATIONS } from '../support/isolations.js';
import { RunningSystem } from '../support/running-system.js';
import { TableLock } from '../support/table-lock.js';
import { type Id, type PageOf, Trader } from '../support/trader.js';

let system: RunningSystem;
let trader: Trader;
let warehouse: Id;

beforeAll(async () => {
  // No worker: what is asynchronous waits until a test starts one.
  system = await RunningSystem.start({ apis: 1, workers: 0, env: { SHUTDOWN_READINESS_DELAY_MS: '1500' } });
});

afterAll(() => system?.stop());

describe.each(ISOLATIONS)('with tenants that are kept apart by %s', (isolation) => {
  beforeAll(async () => {
    trader = await Trader.signUp(system, isolation);
    warehouse = await trader.warehouse('MAIN');
  });

  it('invoices only what is left when a part was cancelled before the invoice', async () => {
    const customer = await trader.customer('Quick Change', `change@${trader.slug}.example`);
    const vase = await trader.product('VASE', '12.00');
    await trader.receive(warehouse, vase, 10, '5.00');
    const order = await trader.order(customer, warehouse, [[vase, 5]]);
    const lines = [{ lineId: order.lines[0]?.id, quantity: 2 }];
    await trader.post(`/v1/sales-orders/${order.id}/cancellation`, { lines });

    const worker = await system.add('worker');
    const invoice = await trader.invoiceOf(order);
    expect(invoice).toMatchObject({ total: { amount: '43.20' }, lines: [{ quantity: 3 }] });
    await untilAllIsDone();
    expect(await trader.creditNotesOf(invoice, 0)).toEqual([]);
    await worker.end('SIGTERM');
  });

  it('finishes the job it is at before a worker stops, and leaves the next one to others', async () => {
    const customer = await trader.customer('Long Job', `job@${trader.slug}.example`);
    const rug = await trader.product('RUG', '80.00');
    await trader.receive(warehouse, rug, 2, '30.00');
    const worker = await system.add('worker');
    await untilAllIsDone();
    const lock = await TableLock.on(system.database, 'invoice', trader.placement);
    const order = await trader.order(customer, warehouse, [[rug, 1]]);
    await lock.untilSomebodyWaits();

    worker.signal('SIGTERM');
    await eventually('the worker says that it stops', async () => !(await worker.isReady()));
    await lock.release();
    expect(await worker.ended()).toEqual({ code: 0, signal: null });

    const { items } = await trader.get<PageOf<Id>>(`/v1/invoices?orderId=${order.id}`);
    expect(items).toHaveLength(1);
    expect(await deliveriesOf(order, 'invoicing.order-billing')).toEqual(['done']);
    // The invoice's own events were written by that job; nobody is there to handle them.
    const open = await openDeliveries();
    expect(open).toBeGreaterThan(0);
    const next = await system.add('worker');
    await untilAllIsDone();
    await next.end('SIGTERM');
  });

  it('answers every request that it took before an api stops', async () => {
    const [staying] = system.apis as [Program];
    const leaving = await system.add('api');
    const lock = await TableLock.on(system.database, 'customer', trader.placement);
    const held = postTo(leaving, 'Held Up');
    await lock.untilSomebodyWaits();
    const served = balancedLoad([leaving, staying]);
    await sleep(200);
    leaving.signal('SIGTERM');
    await eventually('the api says that it stops', async () => !(await leaving.isReady()));
    await lock.release();
    expect(await held).toBe(201);
    expect(await leaving.ended()).toEqual({ code: 0, signal: null });
    const statuses = await served.stop();
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  /** Sends reads to whoever says that it is ready, as a balancer does, until it is stopped; gives every status. */
  function balancedLoad(apis: readonly Program[]): { stop(): Promise<number[]> } {
    const statuses: number[] = [];
    const ending = new AbortController();
    const client = async () => {
      for (let turn = 0; !ending.signal.aborted; turn += 1) {
        const api = apis[turn % apis.length];
        if (!api?.isRunning || !(await api.isReady())) continue;
        const response = await fetch(`${api.url}/v1/products?limit=5`, {
          headers: { authorization: `Bearer ${trader.token}` },
        });
        await response.arrayBuffer();
        statuses.push(response.status);
      }
    };
    const clients = Promise.all([client(), client(), client()]);
    return {
      stop: async () => {
        ending.abort();
        await clients;
        return statuses;
      },
    };
  }

  async function postTo(api: Program, name: string): Promise<number> {
    const billingAddress = { line1: '1 High Street', city: 'London', country: 'GB' };
    const response = await fetch(`${api.url}/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${trader.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'company', name, billingAddress }),
    });
    return response.status;
  }

  async function deliveriesOf(order: Id, consumer: string): Promise<string[]> {
    const rows = await trader.rows<{ state: string }>(
      'select state from platform.delivery where aggregate_id = $1 and consumer = $2',
      [order.id, consumer],
    );
    return rows.map(({ state }) => state);
  }

  async function openDeliveries(): Promise<number> {
    const rows = await trader.rows('select from platform.delivery where completed_at is null');
    return rows.length;
  }

  async function untilAllIsDone(): Promise<void> {
    await eventually('every delivery is done', async () => (await openDeliveries()) === 0);
  }
});
