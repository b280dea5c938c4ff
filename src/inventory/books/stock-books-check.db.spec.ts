import { InventoryStage } from '../testing/index.js';
import { ReserveStock } from '../stock/reserve-stock.js';

let stage: InventoryStage;

beforeAll(async () => {
  stage = await InventoryStage.open();
});

afterAll(() => stage.close());

/** As the superuser, whom neither privileges nor row-level security hold back. */
const mutate = (sql: string) => stage.database.asSuperuser(`${sql} where tenant_id = '${stage.tenant.id}'`);
const codes = async () =>
  (await stage.faults()).map((fault) => fault.split(':')[0] ?? '').toSorted((a, b) => a.localeCompare(b));

beforeEach(async () => {
  stage.newTenant();
  const warehouseId = await stage.warehouse();
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 10, '1.50');
  await stage.as(async () => {
    const { id } = await stage.demands.order(warehouseId, [{ productId: lamp, quantity: 4 }]);
    await stage.get(ReserveStock).execute(id);
  });
});

it('finds nothing wrong with books that are right', async () => {
  expect(await codes()).toEqual([]);
});

it.each([
  ['a unit that no movement brought', 'update stock_level set on_hand = 11', ['inventory.level.on_hand']],
  ['value that no movement brought', 'update stock_level set value_minor = 1501', ['inventory.level.value']],
  ['a promise that no order knows', 'update stock_level set reserved = 5', ['inventory.level.reserved']],
  ['an order that no level knows', 'update fake_order_line set reserved = 3', ['inventory.level.reserved']],
  ['a receipt changed afterwards', 'update stock_receipt set value_minor = 1', ['inventory.document.value']],
  [
    'a movement that is gone',
    'delete from stock_movement',
    ['inventory.document.value', 'inventory.level.on_hand', 'inventory.level.value'],
  ],
])('names %s', async (_name, mutation, expected) => {
  await mutate(mutation);
  expect(await codes()).toEqual(expected);
});

it('looks at one tenant’s books only', async () => {
  await mutate('update stock_level set on_hand = 11');
  stage.newTenant();
  expect(await codes()).toEqual([]);
});
