import { ReserveStock } from '#erp/inventory';
import { LockOrderForBilling } from '../billing/lock-order-for-billing.js';
import { RecordCredited } from '../billing/record-credited.js';
import { RecordInvoiced } from '../billing/record-invoiced.js';
import { RecordReturned } from '../billing/record-returned.js';
import { CancelSalesOrder } from '../orders/cancel-sales-order.js';
import { ConfirmSalesOrder } from '../orders/confirm-sales-order.js';
import { SalesOrderProductArchived } from '../orders/order-parties.errors.js';
import { SalesOrderNotFound, SalesOrderQuantityExceeded } from '../orders/sales-order.errors.js';
import { SalesOrderQueries } from '../orders/sales-order.queries.js';
import { type Shop, SalesStage } from '../testing/index.js';
import { ShipSalesOrder } from './ship-sales-order.js';
import { SalesShipmentQueries } from './sales-shipment.queries.js';

let stage: SalesStage;
let shop: Shop;

beforeAll(async () => {
  stage = await SalesStage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  shop = await stage.newShop();
});
afterEach(() => stage.requireRightBooks());

const line = (productId: string, quantity: number) => ({ productId, quantity });
const ship = (orderId: string, lines?: { lineId: string; quantity: number }[]) =>
  stage.as(() => stage.get(ShipSalesOrder).execute({ orderId, lines }));
const cancel = (orderId: string, lines?: { lineId: string; quantity: number }[]) =>
  stage.as(() => stage.get(CancelSalesOrder).execute({ orderId, lines }));
const status = async (id: string) => (await stage.order(id)).status;
const events = (type: string) =>
  stage.run(() => stage.sql<{ payload: object }>('select payload from platform.outbox_event where type = $1', [type]));

it('walks from draft to completed, in two shipments', async () => {
  const { A, B } = shop.goods;
  await stage.receive(shop.warehouseId, A, 4, '1.00');
  const { id } = await stage.place(shop, [line(A, 6), line(B, 1), line(shop.delivery, 1)], { confirm: false });
  await stage.as(() => stage.get(ConfirmSalesOrder).execute(id));
  expect(await status(id)).toBe('confirmed');
  await stage.as(() => stage.get(ReserveStock).execute(id));
  expect(await status(id)).toBe('backordered');
  const first = await ship(id);
  expect(first).toMatchObject({ number: expect.stringMatching(/-S1$/), lines: [{ quantity: 4, costMinor: 400n }] });
  expect(await status(id)).toBe('partly_shipped');
  await stage.receive(shop.warehouseId, A, 2, '2.00');
  await stage.receive(shop.warehouseId, B, 1, '3.00');
  const second = await ship(id);
  expect(second.lines.map(({ quantity, costMinor }) => [quantity, costMinor])).toEqual([
    [2, 400n],
    [1, 300n],
    [1, 0n],
  ]);
  expect(await status(id)).toBe('shipped');
  const lines = (await stage.order(id)).lines.map(({ id: lineId, ordered }) => ({ lineId, quantity: ordered }));
  await stage.as(() => stage.get(RecordInvoiced).execute({ orderId: id, lines }));
  expect(await status(id)).toBe('completed');
  const shipments = await stage.as(() => stage.get(SalesShipmentQueries).pageOfOrder(id, { limit: 10 }));
  expect(shipments.items.map(({ number }) => number)).toEqual([first.number, second.number]);
});

it('finds the work of a confirmed order done when the listener comes', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 10);
  const { id } = await stage.place(shop, [line(shop.goods.A, 6)]);
  const before = await stage.order(id);
  const result = await stage.as(() => stage.get(ReserveStock).execute(id));
  expect(result).toMatchObject({ complete: true, changes: [] });
  expect(await stage.order(id)).toEqual(before);
});

it('does not confirm what can no longer be sold', async () => {
  const { id } = await stage.place(shop, [line(shop.goods.A, 6)], { confirm: false });
  await stage.run(() => stage.sql(`update product set status = 'archived' where id = $1`, [shop.goods.A]));
  await expect(stage.as(() => stage.get(ConfirmSalesOrder).execute(id))).rejects.toThrow(SalesOrderProductArchived);
  expect(await status(id)).toBe('draft');
});

it('fills backorders in the order of their confirmation, with receipts and with what others cancel', async () => {
  const { A } = shop.goods;
  const orders = [];
  for (const quantity of [5, 5, 5]) orders.push(await stage.place(shop, [line(A, quantity)]));
  const [first, second, third] = orders.map(({ id }) => id);
  await stage.receive(shop.warehouseId, A, 8);
  expect(await Promise.all([first!, second!, third!].map(status))).toEqual(['reserved', 'backordered', 'backordered']);
  await cancel(first!);
  expect(await Promise.all([first!, second!, third!].map(status))).toEqual(['cancelled', 'reserved', 'backordered']);
  expect((await stage.order(third!)).lines[0]).toMatchObject({ reserved: 3 });
});

it('gives what one line of an order sets free to another line of it', async () => {
  const { A } = shop.goods;
  await stage.receive(shop.warehouseId, A, 5);
  const { id, lines } = await stage.place(shop, [line(A, 5), line(A, 2)]);
  await cancel(id, [{ lineId: lines[0]!.id, quantity: 3 }]);
  expect(await stage.order(id)).toMatchObject({ status: 'reserved', lines: [{ reserved: 2 }, { reserved: 2 }] });
});

it('tells what was cancelled, and nothing of drafts', async () => {
  const { id, lines } = await stage.place(shop, [line(shop.goods.A, 5)]);
  const lineId = lines[0]!.id;
  await cancel(id, [{ lineId, quantity: 2 }]);
  await cancel(id);
  const draft = await stage.place(shop, [line(shop.goods.A, 5)], { confirm: false });
  await cancel(draft.id);
  expect((await events('sales.order.cancelled')).map(({ payload }) => payload)).toEqual([
    { orderId: id, lines: [{ lineId, quantity: 2 }], full: false },
    { orderId: id, lines: [{ lineId, quantity: 3 }], full: true },
  ]);
  expect(await status(draft.id)).toBe('cancelled');
});

it('takes returned goods back at the cost they left with, and services without', async () => {
  const { A } = shop.goods;
  await stage.receive(shop.warehouseId, A, 3, '0.333');
  const { id, lines } = await stage.place(shop, [line(A, 3), line(shop.delivery, 1)]);
  const [goods, service] = lines.map((one) => one.id);
  await ship(id);
  await stage.receive(shop.warehouseId, A, 10, '9.00');
  const back = (lineId: string) =>
    stage.as(() =>
      stage.get(RecordReturned).execute({ orderId: id, documentId: lineId, lines: [{ lineId, quantity: 1 }] }),
    );
  for (const lineId of [goods!, goods!, service!, goods!]) await back(lineId);
  expect(await stage.level(shop.warehouseId, A)).toMatchObject({ onHand: 13, valueMinor: 9_100n });
  await expect(back(goods!)).rejects.toThrow(SalesOrderQuantityExceeded);
  const invoiced = [goods!, service!].map((lineId) => ({ lineId, quantity: lineId === goods ? 3 : 1 }));
  await stage.as(() => stage.get(RecordInvoiced).execute({ orderId: id, lines: invoiced }));
  expect(await status(id)).toBe('shipped');
  await stage.as(() => stage.get(RecordCredited).execute({ orderId: id, lines: invoiced }));
  expect(await status(id)).toBe('completed');
});

it('gives billing the order as it is under the lock', async () => {
  const { id } = await stage.place(shop, [line(shop.goods.A, 3)]);
  for (const returnsGoods of [false, true]) {
    const order = await stage.run(() => stage.get(LockOrderForBilling).execute(id, { returnsGoods }));
    expect(order).toEqual(await stage.order(id));
  }
});

it('ships an order of services alone at once', async () => {
  const { id } = await stage.place(shop, [line(shop.delivery, 2)]);
  expect(await status(id)).toBe('reserved');
  expect(await ship(id)).toMatchObject({ lines: [{ quantity: 2, costMinor: 0n }] });
  expect(await status(id)).toBe('shipped');
});

it('shows a tenant its own orders alone', async () => {
  const { id } = await stage.place(shop, [line(shop.goods.A, 1)], { externalRef: 'mine' });
  await stage.newShop();
  await expect(stage.order(id)).rejects.toThrow(SalesOrderNotFound);
  await expect(ship(id)).rejects.toThrow(SalesOrderNotFound);
  await expect(cancel(id)).rejects.toThrow(SalesOrderNotFound);
  await expect(stage.as(() => stage.get(ConfirmSalesOrder).execute(id))).rejects.toThrow(SalesOrderNotFound);
  const queries = stage.get(SalesOrderQueries);
  expect(await stage.as(() => queries.page({}, { limit: 10 }))).toEqual({ items: [], nextCursor: null });
  expect(await stage.as(() => queries.byExternalRef('mine'))).toBeNull();
});
