import { In } from 'typeorm';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { InventoryStage } from '../testing/index.js';
import { LockedStock } from './locked-stock.js';
import { ReserveStock } from './reserve-stock.js';
import { StockLevels } from './stock-levels.repository.js';

/** Each test takes one guard away, shows that it was the guard that protected, and puts it back. */
let stage: InventoryStage;
let warehouseId: string;

beforeAll(async () => {
  stage = await InventoryStage.open();
});

afterAll(() => stage.close());

beforeEach(async () => {
  stage.newTenant();
  warehouseId = await stage.warehouse();
});

// What a test put in front of a method of the class.
afterEach(() => {
  Reflect.deleteProperty(stage.get(StockLevels), 'lock');
  for (const method of ['openDemand', 'lockOrders']) Reflect.deleteProperty(stage.demands, method);
});

/** Runs `work` while constraints are missing; the rows that it leaves behind may contradict them. */
async function without(table: string, constraints: readonly string[], work: () => Promise<void>): Promise<void> {
  const found = await stage.database.asOwner<{ conname: string; definition: string }>(
    `select conname, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = $1::regclass and conname = any($2)`,
    [table, constraints],
  );
  expect(found).toHaveLength(constraints.length);
  for (const { conname } of found) await stage.database.asOwner(`alter table ${table} drop constraint ${conname}`);
  await work();
  for (const { conname, definition } of found) {
    await stage.database.asOwner(`alter table ${table} add constraint ${conname} ${definition} not valid`);
  }
}

const order = (...lines: { productId: string; quantity: number }[]) =>
  stage.as(() => stage.demands.order(warehouseId, lines));
const reserve = (orderId: string) => stage.as(() => stage.get(ReserveStock).execute(orderId));

async function tenOrdersOfTwenty(productId: string): Promise<void> {
  const orders = [];
  for (let index = 0; index < 10; index++) orders.push(await order({ productId, quantity: 20 }));
  await Promise.all(orders.map(({ id }) => reserve(id)));
}

it('oversells without the lock on the level', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 100);
  const levels = stage.get(StockLevels);
  // Two at least have read before anybody writes, however busy the machine is.
  const both = Promise.withResolvers<void>();
  let readers = 0;
  levels.lock = async (id, productIds) => {
    const found = await levels.find({ warehouseId: id, productId: In([...productIds]) });
    if (++readers === 2) both.resolve();
    await both.promise;
    return new LockedStock(id, found);
  };
  await tenOrdersOfTwenty(lamp);
  expect(await stage.faults()).toEqual([expect.stringContaining('inventory.level.reserved')]);
});

it('deadlocks when levels are locked in the order of the lines', async () => {
  const products = await stage.products(6);
  for (const productId of products) await stage.receive(warehouseId, productId, 1_000);
  const levels = stage.get(StockLevels);
  const lock = levels.lock.bind(levels);
  const { meet } = meetingOf(2);
  levels.lock = async (id, productIds) => {
    const locked = [];
    for (const productId of productIds) {
      locked.push(...(await lock(id, [productId])).levels);
      // Each holds its first level before either asks for its second.
      await meet();
    }
    return new LockedStock(id, locked);
  };
  const lines = products.map((productId) => ({ productId, quantity: 1 }));
  const orders = [await order(...lines), await order(...lines.toReversed())];
  const before = stage.transactions;
  await Promise.all(orders.map(({ id }) => reserve(id)));
  // One was the deadlock's victim and began again, at least once: the other may still be on its way through the levels.
  expect(stage.transactions - before).toBeGreaterThanOrEqual(3);
});

/** Holds whoever comes until so many have come; later ones pass. */
function meetingOf(parties: number): { meet(): Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return {
    meet: () => {
      arrived += 1;
      if (arrived === parties) resolve();
      return promise;
    },
  };
}

it('promises a unit twice when what is open is not read again under the lock', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 100);
  const { id, lineIds } = await order({ productId: lamp, quantity: 7 });
  const stale = await stage.run(() => stage.demands.openDemand(id));
  stage.demands.openDemand = async () => stale;
  await reserve(id);
  expect(await reserve(id)).toMatchObject({ complete: true, changes: [] });
  stage.demands.lockOrders = async () => [stale!];
  await without('fake_order_line', ['fake_order_line_check'], async () => void (await reserve(id)));
  expect(await stage.as(() => stage.demands.reservedOf(lineIds))).toEqual([14]);
});

describe('the row itself', () => {
  const update = async (set: string) => {
    await stage.run(() => stage.get(UnitOfWork).execute(`update stock_level set ${set}`));
  };

  it.each([
    ['on_hand', 'on_hand = -1, reserved = -1, value_minor = 0', ['reserved', 'value']],
    ['reserved', 'reserved = on_hand + 1', []],
    ['value', 'value_minor = -1', []],
    ['value', 'on_hand = 0, reserved = 0', []],
  ])('cannot lie about %s (%s) while its constraint is there', async (constraint, lie, others) => {
    const [lamp] = (await stage.products(1)) as [string];
    await stage.receive(warehouseId, lamp, 10);
    const check = (name: string) => `stock_level_${name}_check`;
    await without('stock_level', others.map(check), async () => {
      await expect(update(lie)).rejects.toMatchObject({ code: '23514' });
    });
    await without('stock_level', [...others, constraint].map(check), () => update(lie));
    expect((await stage.faults()).length).toBeGreaterThan(0);
  });
});

it('refuses a movement of a level that is not there', async () => {
  await stage.products(1);
  const insert = () =>
    stage.run(() =>
      stage.get(UnitOfWork).execute(
        `insert into stock_movement (tenant_id, id, recorded_at, business_date, kind, product_id, warehouse_id, quantity,
           value_minor, document_type, document_id, line_id)
         values ('${stage.tenant.id}', '${uuidv7()}', now(), '2026-01-01', 'receipt', '${uuidv7()}', '${warehouseId}', 1, 1,
           'stock_receipt', '${uuidv7()}', '${uuidv7()}')`,
      ),
    );
  await expect(insert()).rejects.toMatchObject({ code: '23503' });
  await stage.database.asOwner('alter table stock_movement drop constraint stock_movement_level_fk');
  await insert();
  expect(await stage.faults()).toHaveLength(2);
});
