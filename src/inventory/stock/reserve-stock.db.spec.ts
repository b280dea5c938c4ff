import { type FakeStockDemands, InventoryStage } from '../testing/index.js';
import { AllocateWaiting } from './allocate-waiting.js';
import { StockDemandSource } from './stock-demands.js';
import { IssueStock } from './issue-stock.js';
import { ReleaseStock } from './release-stock.js';
import { ReserveStock } from './reserve-stock.js';
import { uuidv7 } from '#libs/kernel';

let stage: InventoryStage;
let warehouseId: string;
let lamp: string;
let desk: string;

beforeAll(async () => {
  stage = await InventoryStage.open();
});

afterAll(() => stage.close());

beforeEach(async () => {
  stage.newTenant();
  warehouseId = await stage.warehouse();
  [lamp, desk] = (await stage.products(2)) as [string, string];
});

const reserve = (orderId: string) => stage.as(() => stage.get(ReserveStock).execute(orderId));
const order = (lines: readonly { productId: string; quantity: number }[]) =>
  stage.as(() => stage.demands.order(warehouseId, lines));
const reservedOf = (lineIds: readonly string[]) => stage.as(() => stage.demands.reservedOf(lineIds));

it('reserves an order, and finds its work done the second time', async () => {
  await stage.receive(warehouseId, lamp, 10);
  const { id, lineIds } = await order([{ productId: lamp, quantity: 4 }]);
  expect(await reserve(id)).toMatchObject({ complete: true, changes: [{ lineId: lineIds[0], quantity: 4 }] });
  expect(await reserve(id)).toEqual({ orderId: id, complete: true, changes: [] });
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 10, reserved: 4, available: 6 });
  expect(await stage.faults()).toEqual([]);
});

it('reserves what there is, and leaves the rest as a backorder', async () => {
  await stage.receive(warehouseId, lamp, 3);
  const { id, lineIds } = await order([
    { productId: lamp, quantity: 5 },
    { productId: desk, quantity: 1 },
  ]);
  expect(await reserve(id)).toMatchObject({ complete: false, changes: [{ quantity: 3 }, { quantity: 0 }] });
  expect(await reservedOf(lineIds)).toEqual([3, 0]);
  expect(await stage.level(warehouseId, desk)).toMatchObject({ onHand: 0, reserved: 0 });
});

it('calls an order that nobody knows done', async () => {
  expect(await reserve(uuidv7())).toMatchObject({ complete: true, changes: [] });
});

it('fills backorders oldest first when stock comes in', async () => {
  const orders = [
    await order([{ productId: lamp, quantity: 5 }]),
    await order([{ productId: lamp, quantity: 5 }]),
    await order([{ productId: lamp, quantity: 5 }]),
  ];
  for (const { id } of orders) await reserve(id);
  await stage.receive(warehouseId, lamp, 7);
  expect(await reservedOf(orders.flatMap((one) => one.lineIds))).toEqual([5, 2, 0]);
  await stage.receive(warehouseId, lamp, 100);
  expect(await reservedOf(orders.flatMap((one) => one.lineIds))).toEqual([5, 5, 5]);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 107, reserved: 15 });
});

it('gives what one order releases to the order that waits longest', async () => {
  await stage.receive(warehouseId, lamp, 5);
  const first = await order([{ productId: lamp, quantity: 5 }]);
  const second = await order([{ productId: lamp, quantity: 3 }]);
  for (const { id } of [first, second]) await reserve(id);
  await stage.run(async () => {
    await stage.demands.settle(first.lineIds[0]!, 'cancelled', 4);
    await stage.get(ReleaseStock).execute({ warehouseId, lines: [{ productId: lamp, quantity: 4 }] });
  });
  expect(await reservedOf([...first.lineIds, ...second.lineIds])).toEqual([1, 3]);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 5, reserved: 4 });
  expect(await stage.faults()).toEqual([]);
});

it('ships what is reserved, and not what others were promised', async () => {
  await stage.receive(warehouseId, lamp, 5, '2.00');
  const mine = await order([{ productId: lamp, quantity: 2 }]);
  const theirs = await order([{ productId: lamp, quantity: 3 }]);
  for (const { id } of [mine, theirs]) await reserve(id);
  const ship = (quantity: number, reserved: number) =>
    stage.run(() =>
      stage.get(IssueStock).execute({
        warehouseId,
        shipmentId: uuidv7(),
        businessDate: '2026-03-01',
        lines: [{ lineId: mine.lineIds[0]!, productId: lamp, quantity, reserved }],
      }),
    );
  await expect(ship(3, 2)).rejects.toMatchObject({ code: 'inventory.stock.insufficient' });
  expect(await ship(2, 2)).toEqual([{ lineId: mine.lineIds[0], costMinor: 400n }]);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 3, reserved: 3, valueMinor: 600n });
});

it('serves more waiting orders than fit into one question', async () => {
  const many = 30;
  const orders = [];
  for (let index = 0; index < many; index++) orders.push(await order([{ productId: lamp, quantity: 2 }]));
  await stage.receive(warehouseId, lamp, 2 * many);
  expect(await reservedOf(orders.flatMap((one) => one.lineIds))).toEqual(orders.map(() => 2));
});

it('gives out what is available to orders that nobody reserved for yet', async () => {
  await stage.receive(warehouseId, lamp, 5);
  const { lineIds } = await order([{ productId: lamp, quantity: 4 }]);
  await stage.as(() => stage.get(AllocateWaiting).execute(warehouseId, [lamp]));
  expect(await reservedOf(lineIds)).toEqual([4]);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ reserved: 4 });
});

it('does not run in a process where nobody knows the orders', async () => {
  const source = new StockDemandSource();
  expect(() => source.current).toThrow('load the sales module');
  source.register(stage.demands);
  source.register(stage.demands);
  expect(() => source.register(Object.create(stage.demands) as FakeStockDemands)).toThrow('two capabilities');
});
