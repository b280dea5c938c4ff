import { newProduct } from '#erp/catalog/testing';
import { runInContext } from '#libs/context';
import { statementsOf } from '#libs/database/testing';
import { CurrencyMismatch, UnitPrice, uuidv7 } from '#libs/kernel';
import { type Shop, SalesStage } from '../testing/index.js';
import { ShipSalesOrder } from '../shipments/ship-sales-order.js';
import {
  SalesOrderCustomerArchived,
  SalesOrderCustomerUnknown,
  SalesOrderProductArchived,
  SalesOrderProductUnknown,
  SalesOrderWarehouseArchived,
  SalesOrderWarehouseUnknown,
} from './order-parties.errors.js';
import type { NewSalesOrder } from './place-sales-order.js';
import { ORDER_LINES_MAX } from './price-lines.js';
import { SalesOrderExternalRefTaken } from './sales-order.errors.js';

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

const line = (product: string, quantity = 1) => ({ productId: product, quantity });
const events = () =>
  stage.run(async () =>
    stage.sql<{ type: string; payload: object }>('select type, payload from platform.outbox_event'),
  );

it('places a draft with a number, prices and totals of its own, and tells nobody', async () => {
  const placed = await stage.place(shop, [line(shop.goods.A, 3)], { confirm: false });
  expect(placed.number).toMatch(/^SO-\d{4}-000001$/);
  const order = await stage.order(placed.id);
  expect(order).toMatchObject({ status: 'draft', netMinor: 765n, taxMinor: 153n, totalMinor: 918n });
  expect(order).toMatchObject({ customerName: 'Ada Ltd', shippingAddress: { city: 'London' } });
  expect(await events()).toEqual([]);
});

it('confirms and reserves in the same transaction', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 10);
  const placed = await stage.place(shop, [line(shop.goods.A, 4), line(shop.delivery)]);
  expect(await stage.order(placed.id)).toMatchObject({ status: 'reserved', lines: [{ reserved: 4 }, { reserved: 0 }] });
  expect(await stage.level(shop.warehouseId, shop.goods.A)).toMatchObject({ onHand: 10, reserved: 4 });
  const { customerId, warehouseId } = shop;
  expect((await events()).find(({ type }) => type === 'sales.order.confirmed')?.payload).toEqual({
    orderId: placed.id,
    customerId,
    warehouseId,
    currency: 'GBP',
    totalMinor: '2424',
  });
});

it('reserves a part and leaves the rest as a backorder', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 3);
  const { id } = await stage.place(shop, [line(shop.goods.A, 4), line(shop.goods.A, 1)]);
  expect(await stage.order(id)).toMatchObject({ status: 'backordered', lines: [{ reserved: 3 }, { reserved: 0 }] });
});

it('refuses a second order from the same source document, of the same tenant', async () => {
  const lines = [line(shop.goods.A)];
  await stage.place(shop, lines, { externalRef: '536365' });
  await expect(stage.place(shop, lines, { externalRef: '536365' })).rejects.toThrow(SalesOrderExternalRefTaken);
  const other = await stage.newShop();
  await stage.place(other, [line(other.goods.A)], { externalRef: '536365' });
});

it('dates and numbers an order by the local date of the tenant', async () => {
  shop = await stage.newShop({ timeZone: 'Pacific/Auckland' });
  const at = (now: string) =>
    runInContext({ now: new Date(now) }, () => stage.place(shop, [line(shop.goods.A)], { confirm: false }));
  const old = await at('2025-12-31T10:59:00Z');
  const young = await at('2025-12-31T11:00:00Z');
  expect([old.number, young.number]).toEqual(['SO-2025-000001', 'SO-2026-000001']);
  expect(await stage.order(young.id)).toMatchObject({ orderedOn: '2026-01-01' });
});

describe('refuses, before anything is written,', () => {
  const set = (table: string, id: string) =>
    stage.run(() => stage.sql(`update ${table} set status = 'archived' where id = $1`, [id]));
  const expectRefused = async (overrides: Partial<NewSalesOrder>, error: new (...values: never[]) => Error) => {
    await expect(stage.place(shop, [line(shop.goods.A)], overrides)).rejects.toThrow(error);
    expect(await events()).toEqual([]);
  };

  it('a customer who is unknown or archived', async () => {
    await expectRefused({ customerId: uuidv7() }, SalesOrderCustomerUnknown);
    await set('customer', shop.customerId);
    await expectRefused({}, SalesOrderCustomerArchived);
  });

  it('a warehouse that is unknown or archived', async () => {
    await expectRefused({ warehouseId: uuidv7() }, SalesOrderWarehouseUnknown);
    await set('warehouse', shop.warehouseId);
    await expectRefused({}, SalesOrderWarehouseArchived);
  });

  it('a product that is unknown or archived', async () => {
    await expectRefused({ lines: [line(shop.goods.B), line(uuidv7())] }, SalesOrderProductUnknown);
    await set('product', shop.goods.B);
    await expectRefused({ lines: [line(shop.goods.A), line(shop.goods.B)] }, SalesOrderProductArchived);
  });

  it('the product, customer and warehouse of another tenant', async () => {
    const mine = shop;
    const theirs = await stage.newShop();
    await expect(stage.place(theirs, [line(mine.goods.A)])).rejects.toThrow(SalesOrderProductUnknown);
    const foreign = { customerId: mine.customerId, lines: [line(theirs.goods.A)] };
    await expect(stage.place(theirs, [], foreign)).rejects.toThrow(SalesOrderCustomerUnknown);
    const elsewhere = { warehouseId: mine.warehouseId, lines: [line(theirs.goods.A)] };
    await expect(stage.place(theirs, [], elsewhere)).rejects.toThrow(SalesOrderWarehouseUnknown);
  });

  it('a price in another currency than the tenant’s', async () => {
    const unitPrice = UnitPrice.parse('1', 'EUR');
    await expectRefused({ lines: [{ ...line(shop.goods.A), unitPrice }] }, CurrencyMismatch);
  });
});

describe('sends a number of statements that does not depend on the number of lines:', () => {
  /** BEGIN, who and what (3), levels opened and locked (2) and written, number, order, lines, event, COMMIT. */
  const PLACE_MAX = 12;
  /** BEGIN, order and lines, levels locked (2), order locked, shipments counted, levels, movements, event, 4 writes, COMMIT. */
  const SHIP_MAX = 17;

  it.each([3, 1_200])('%i lines placed, confirmed, reserved and shipped', async (count) => {
    const ids = await stage.products(Array.from({ length: count }, (_, index) => newProduct(`P-${index}`)));
    await stage.receiveAll(shop.warehouseId, ids, 5);
    let id = '';
    const lines = ids.map((product) => line(product, 2));
    const placing = await statementsOf(async () => {
      ({ id } = await stage.place(shop, lines));
    });
    const shipping = await statementsOf(() => stage.as(() => stage.get(ShipSalesOrder).execute({ orderId: id })));
    expect(placing.length).toBeLessThanOrEqual(PLACE_MAX);
    expect(shipping.length).toBeLessThanOrEqual(SHIP_MAX);
    expect((await stage.order(id)).status).toBe('shipped');
  });

  it('and takes as many lines as an order may have', async () => {
    const lines = Array.from({ length: ORDER_LINES_MAX }, () => line(shop.goods.A));
    const { id } = await stage.place(shop, lines);
    expect((await stage.order(id)).lines).toHaveLength(ORDER_LINES_MAX);
  });
});
