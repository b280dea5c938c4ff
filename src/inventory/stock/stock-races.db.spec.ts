import { UnitPrice, uuidv7 } from '#libs/kernel';
import { RecordStockAdjustment } from '../adjustments/record-stock-adjustment.js';
import { RecordStockReceipt } from '../receipts/record-stock-receipt.js';
import { InventoryStage } from '../testing/index.js';
import { IssueStock } from './issue-stock.js';
import { ReserveStock } from './reserve-stock.js';

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

const order = (...lines: { productId: string; quantity: number }[]) =>
  stage.as(() => stage.demands.order(warehouseId, lines));
const reserve = (orderId: string) => stage.as(() => stage.get(ReserveStock).execute(orderId));
const reservedOf = (lineIds: readonly string[]) => stage.as(() => stage.demands.reservedOf(lineIds));
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Transactions that `work` takes: one for each verb, and more when PostgreSQL had to break a deadlock. */
async function transactionsOf(work: () => Promise<unknown>): Promise<number> {
  const before = stage.transactions;
  await work();
  return stage.transactions - before;
}

it('reserves all of 100 for ten orders of 10 that come at once', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 100);
  const orders: { id: string; lineIds: string[] }[] = [];
  for (let index = 0; index < 10; index++) orders.push(await order({ productId: lamp, quantity: 10 }));
  const results = await Promise.all(orders.map(({ id }) => reserve(id)));
  expect(results.every((result) => result.complete)).toBe(true);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 100, reserved: 100, available: 0 });
  expect(await stage.faults()).toEqual([]);
});

it('gives 64 callers exactly the 100 units that there are', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 100);
  const orders: { id: string; lineIds: string[] }[] = [];
  for (let index = 0; index < 64; index++) orders.push(await order({ productId: lamp, quantity: 3 }));
  await Promise.all(orders.map(({ id }) => reserve(id)));
  const given = await reservedOf(orders.flatMap((one) => one.lineIds));
  expect(sum(given)).toBe(100);
  expect(given.filter((quantity) => quantity === 3)).toHaveLength(33);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ reserved: 100, available: 0 });
});

it('reserves an order once, however many ask for it at once', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 100);
  const { id, lineIds } = await order({ productId: lamp, quantity: 7 });
  const results = await Promise.all(Array.from({ length: 8 }, () => reserve(id)));
  expect(sum(results.flatMap((result) => result.changes.map((change) => change.quantity)))).toBe(7);
  expect(await reservedOf(lineIds)).toEqual([7]);
});

it('lets 20 callers ship and write off 10 units each of 100: ten succeed, the others are refused', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 100, '0.33');
  const ship = () =>
    stage.get(IssueStock).execute({
      warehouseId,
      shipmentId: uuidv7(),
      businessDate: '2026-03-01',
      lines: [{ lineId: uuidv7(), productId: lamp, quantity: 10, reserved: 0 }],
    });
  const writeOff = () =>
    stage
      .get(RecordStockAdjustment)
      .execute({ warehouseId, lines: [{ productId: lamp, quantity: -10, reason: 'broken' }] });
  const callers = Array.from({ length: 20 }, (_, index) => stage.as<unknown>(index % 2 === 0 ? ship : writeOff));
  const outcomes = await Promise.allSettled(callers);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason as Error);
  expect(refused).toHaveLength(10);
  for (const error of refused) expect(error).toMatchObject({ code: 'inventory.stock.insufficient' });
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 0, valueMinor: 0n });
  expect(await stage.faults()).toEqual([]);
});

it('records a receipt once when it is sent twice at once', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  const lines = [{ productId: lamp, quantity: 5, unitCost: UnitPrice.parse('1', 'GBP') }];
  const send = () => stage.as(() => stage.get(RecordStockReceipt).execute({ warehouseId, externalRef: 'DN-1', lines }));
  const outcomes = await Promise.allSettled([send(), send(), send()]);
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 5 });
});

it('leaves nobody waiting when receipts race reservations', async () => {
  const [lamp] = (await stage.products(1)) as [string];
  const orders: { id: string; lineIds: string[] }[] = [];
  for (let index = 0; index < 20; index++) orders.push(await order({ productId: lamp, quantity: 5 }));
  const receipts = Array.from({ length: 20 }, () => () => stage.receive(warehouseId, lamp, 5, '1.37'));
  const reservations = orders.map(
    ({ id }) =>
      () =>
        reserve(id),
  );
  const mixed = reservations.flatMap((one, index) => [one, receipts[index]!]);
  await Promise.all(mixed.map((one) => one()));
  expect(await reservedOf(orders.flatMap((one) => one.lineIds))).toEqual(orders.map(() => 5));
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ onHand: 100, reserved: 100, valueMinor: 13_700n });
  expect(await stage.faults()).toEqual([]);
});

it('locks in one order: orders with the same products the other way round never deadlock', async () => {
  const products = await stage.products(6);
  for (const productId of products) await stage.receive(warehouseId, productId, 1_000);
  const orders: { id: string; lineIds: string[] }[] = [];
  for (let index = 0; index < 60; index++) {
    const lines = products.map((productId) => ({ productId, quantity: 1 }));
    orders.push(await order(...(index % 2 === 0 ? lines : lines.toReversed())));
  }
  expect(await transactionsOf(() => Promise.all(orders.map(({ id }) => reserve(id))))).toBe(60);
  for (const productId of products) expect(await stage.level(warehouseId, productId)).toMatchObject({ reserved: 60 });
});

it('opens levels that nobody had, once each, when many receive new products in any order', async () => {
  const products = await stage.products(12);
  const unitCost = UnitPrice.parse('0.10', 'GBP');
  const receive = (ids: readonly string[]) =>
    stage.as(() =>
      stage
        .get(RecordStockReceipt)
        .execute({ warehouseId, lines: ids.map((productId) => ({ productId, quantity: 1, unitCost })) }),
    );
  const callers = Array.from({ length: 8 }, (_, index) => () => receive(index % 2 ? products : products.toReversed()));
  expect(await transactionsOf(() => Promise.all(callers.map((call) => call())))).toBe(8);
  for (const productId of products) expect(await stage.level(warehouseId, productId)).toMatchObject({ onHand: 8 });
});

it('keeps the books right when orders are shipped, cancelled and received for at once', async () => {
  const products = await stage.products(3);
  for (const productId of products) await stage.receive(warehouseId, productId, 40, '3.33');
  const orders: { id: string; lineIds: string[] }[] = [];
  for (let index = 0; index < 30; index++) {
    const [first, second] = [products[index % 3]!, products[(index + 1) % 3]!];
    orders.push(await order({ productId: first, quantity: 4 }, { productId: second, quantity: 2 }));
  }
  const work = () => Promise.all(orders.map(({ id }, index) => workOn(id, index, products)));
  expect(await transactionsOf(work)).toBe(30 + 30 + 6);
  expect(await stage.faults()).toEqual([]);
  const waiting = await stage.run(() => stage.demands.waiting(products, warehouseId, 100));
  for (const line of waiting.flatMap((demand) => demand.lines)) {
    expect((await stage.level(warehouseId, line.productId)).available).toBe(0);
  }
});

/** Reserves the order and then ships it or cancels it; every fifth caller receives stock as well. */
async function workOn(orderId: string, index: number, products: readonly string[]): Promise<void> {
  if (index % 5 === 0) await stage.receive(warehouseId, products[index % 3]!, 3, '1.01');
  await reserve(orderId);
  if (index % 3 === 0) await stage.as(() => stage.sales.cancel(orderId));
  else await stage.as(() => stage.sales.ship(orderId, 1 + (index % 4)));
}
