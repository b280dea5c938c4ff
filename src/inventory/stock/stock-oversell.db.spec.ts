import { setTimeout as sleep } from 'node:timers/promises';
import { UnitOfWork } from '#libs/database';
import { InventoryStage } from '../testing/index.js';
import { ReserveStock } from './reserve-stock.js';

/**
 * Guarantee 4: the database alone, no distributed lock anywhere, never sells what is not there. What happens when its row lock or
 * its constraints are taken away stands in stock-mutations.db.spec.ts: the same figures turn red.
 */
const CLIENTS = 64;
/** For each client. With RESERVATIONS_EACH=1000 it is guarantee 4 to the letter, and takes minutes. */
const ATTEMPTS = Number(process.env['RESERVATIONS_EACH'] ?? 50);
const STOCK = 100;

let stage: InventoryStage;
let warehouseId: string;
let lamp: string;

beforeAll(async () => {
  stage = await InventoryStage.open();
});

afterAll(() => stage.close());

beforeEach(async () => {
  stage.newTenant();
  warehouseId = await stage.warehouse();
  [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, STOCK);
});

/** So many confirmed orders of one unit, made by one statement. */
async function ordersOfOne(count: number): Promise<string[]> {
  const unitOfWork = stage.get(UnitOfWork);
  const rows = await stage.run(async () => {
    const orders = await unitOfWork.query<{ id: string }>(
      `insert into fake_order select $1, gen_random_uuid(), $2, timestamptz '2026-01-01' + n * interval '1 second'
       from generate_series(1, $3::int) n returning id`,
      [stage.tenant.id, warehouseId, count],
    );
    await unitOfWork.execute(
      `insert into fake_order_line (tenant_id, id, order_id, line_no, product_id, ordered)
       select $1, gen_random_uuid(), id, 1, $2, 1 from unnest($3::uuid[]) id`,
      [stage.tenant.id, lamp, orders.map(({ id }) => id)],
    );
    return orders;
  });
  // Statistics of the empty table would let every look at a line read all of them.
  await stage.database.asSuperuser('analyze fake_order, fake_order_line');
  return rows.map(({ id }) => id);
}

/** Looks at the level for as long as `work` takes: how low the available units and how high the reserved ones ever were. */
async function watching(work: Promise<unknown>): Promise<{ lowest: number; highest: number; looks: number }> {
  let [lowest, highest, looks] = [Infinity, -Infinity, 0];
  const progress = { done: false };
  const watch = async (): Promise<void> => {
    while (!progress.done) {
      const { available, reserved } = await stage.level(warehouseId, lamp);
      [lowest, highest, looks] = [Math.min(lowest, available), Math.max(highest, reserved), looks + 1];
      await sleep(20);
    }
  };
  const watched = watch();
  try {
    await work;
  } finally {
    progress.done = true;
  }
  await watched;
  return { lowest, highest, looks };
}

it(`finds exactly ${STOCK} winners when ${CLIENTS} clients make ${ATTEMPTS} reservations of one unit each`, async () => {
  const orders = await ordersOfOne(CLIENTS * ATTEMPTS);
  let winners = 0;
  const client = async (number: number): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const orderId = orders[number + attempt * CLIENTS] ?? '';
      const { complete } = await stage.as(() => stage.get(ReserveStock).execute(orderId));
      if (complete) winners += 1;
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  const { lowest, highest, looks } = await watching(clients);
  expect(winners).toBe(STOCK);
  expect(looks).toBeGreaterThan(10);
  expect([lowest, highest]).toEqual([0, STOCK]);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: STOCK, reserved: STOCK, available: 0 });
  expect(await stage.faults()).toEqual([]);
}, 1_200_000);

it('gives back what expires while others confirm and reserve: every unit is shipped once, reserved once or free', async () => {
  const first = await ordersOfOne(STOCK);
  for (const id of first) await stage.as(() => stage.get(ReserveStock).execute(id));
  const later = await ordersOfOne(CLIENTS);
  const work = first.flatMap((id) => [
    () => stage.as(() => stage.sales.ship(id)).then((lines) => lines.length),
    () => stage.as(() => stage.sales.cancel(id)).then(() => 0),
  ]);
  const reserving = later.map((id) => () => stage.as(() => stage.get(ReserveStock).execute(id)).then(() => 0));
  const outcomes = Promise.all([...work, ...reserving].map((each) => each()));
  const { lowest, highest } = await watching(outcomes);
  const shipped = (await outcomes).reduce((sum, one) => sum + one, 0);
  expect(lowest).toBeGreaterThanOrEqual(0);
  expect(highest).toBeLessThanOrEqual(STOCK);

  const lines = await stage.database.asSuperuser<{ shipped: number; cancelled: number; reserved: number }>(
    `select sum(shipped)::int as shipped, sum(cancelled)::int as cancelled, sum(reserved)::int as reserved
     from fake_order_line where tenant_id = $1 and order_id = any($2)`,
    [stage.tenant.id, first],
  );
  expect(lines[0]).toEqual({ shipped, cancelled: STOCK - shipped, reserved: 0 });
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: STOCK - shipped });
  expect(await stage.faults()).toEqual([]);
});
