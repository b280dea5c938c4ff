import { ReserveStock, RecordStockReceipt } from '#erp/inventory';
import { UnitPrice } from '#libs/kernel';
import { RecordInvoiced } from '../billing/record-invoiced.js';
import { ShipSalesOrder } from '../shipments/ship-sales-order.js';
import { type Shop, SalesStage } from '../testing/index.js';
import { SalesOrderExternalRefTaken } from './sales-order.errors.js';

/*
 * What the database refuses, and that the refusal is the constraint's: without it the same statement goes through, and
 * `books verify` is what finds it. Constraints stay away afterwards: this file has a database of its own.
 */

let stage: SalesStage;
let shop: Shop;
let orderId: string;

beforeAll(async () => {
  stage = await SalesStage.open();
});
afterAll(() => stage.close());

/** Ten units of A of which six are reserved, four shipped before, and a service; all invoiced. */
beforeEach(async () => {
  shop = await stage.newShop();
  await stage.receive(shop.warehouseId, shop.goods.A, 4);
  const lines = [
    { productId: shop.goods.A, quantity: 10 },
    { productId: shop.delivery, quantity: 1 },
  ];
  const placed = await stage.place(shop, lines);
  orderId = placed.id;
  await stage.as(() => stage.get(ShipSalesOrder).execute({ orderId }));
  await stage.receive(shop.warehouseId, shop.goods.A, 6);
  const all = placed.lines.map(({ id: lineId }, index) => ({ lineId, quantity: index === 0 ? 10 : 1 }));
  await stage.as(() => stage.get(RecordInvoiced).execute({ orderId, lines: all }));
  await stage.requireRightBooks();
});

const tamper = (sql: string) => stage.run(() => stage.sql(sql, [orderId]));
const codes = async () => [...new Set((await stage.faults()).map((fault) => fault.split(':')[0]))];
const drop = (table: string, constraint: string) =>
  stage.database.asOwner(`alter table ${table} drop constraint ${constraint}`);

describe.each([
  ['sales_order_line_open_check', `cancelled = 1 where kind = 'goods'`],
  ['sales_order_line_invoiced_check', `invoiced = 11 where kind = 'goods'`],
  ['sales_order_line_credited_check', `credited = 11 where kind = 'goods'`],
  ['sales_order_line_returned_check', `returned = 5 where kind = 'goods'`],
  ['sales_order_line_service_check', `reserved = 1 where kind = 'service'`],
  ['sales_order_line_positive_check', `reserved = -1 where kind = 'goods'`],
])('%s', (constraint, change) => {
  it('keeps quantities within their bounds', async () => {
    const sql = `update sales_order_line set ${change} and order_id = $1`;
    await expect(tamper(sql)).rejects.toThrow(constraint);
    await drop('sales_order_line', constraint);
    await tamper(sql);
    expect(await codes()).toContain('sales.line.quantities');
  });
});

it.each([
  ['a status that the lines deny', `update sales_order set status = 'shipped' where id = $1`, 'sales.order.status'],
  [
    'totals that are not the lines’',
    'update sales_order set net_minor = net_minor + 1, total_minor = total_minor + 1 where id = $1',
    'sales.order.total',
  ],
  [
    'a number that leaves a gap',
    `update sales_order set number = left(number, 8) || '000002' where id = $1`,
    'sales.order.numbers',
  ],
  [
    'a shipment that the line does not know',
    'update sales_order_line set shipped = shipped - 1 where order_id = $1 and shipped > 0',
    'sales.line.shipped',
  ],
  [
    'a reservation that the stock level does not know',
    'update sales_order_line set reserved = reserved - 1 where order_id = $1 and reserved > 0',
    'sales.stock.reserved',
  ],
])('finds %s', async (_case, sql, code) => {
  await tamper(sql);
  expect(await codes()).toContain(code);
});

it('lets a source document become two orders once the unique key is gone (mutation)', async () => {
  const lines = [{ productId: shop.goods.A, quantity: 1 }];
  const twice = () => Promise.all([1, 2].map(() => stage.place(shop, lines, { externalRef: 'one' })));
  await expect(twice()).rejects.toThrow(SalesOrderExternalRefTaken);
  await drop('sales_order', 'sales_order_external_ref_key');
  expect(await twice()).toHaveLength(2);
});

it.each([
  'delete from sales_order where id = $1',
  'update sales_order_line set unit_price_e4 = 1 where order_id = $1',
  'update sales_shipment set number = number where order_id = $1',
  'update sales_shipment_line set cost_minor = 0 where shipment_id = $1',
])('keeps the application from rewriting what was agreed and done: %s', async (sql) => {
  await expect(tamper(sql)).rejects.toThrow('permission denied');
});

describe('an order that is not locked while stock is reserved for it', () => {
  it('is locked by what receives stock, so that a listener waits for it', async () => {
    const { id } = await stage.place(shop, [{ productId: shop.goods.B, quantity: 5 }]);
    const lines = [{ productId: shop.goods.B, quantity: 5, unitCost: UnitPrice.parse('1', 'GBP') }];
    const receive = () =>
      stage.as(() => stage.get(RecordStockReceipt).execute({ warehouseId: shop.warehouseId, lines }));
    const reserve = () => stage.as(() => stage.get(ReserveStock).execute(id));
    await Promise.all([receive(), reserve(), reserve(), reserve()]);
    expect(await stage.order(id)).toMatchObject({ status: 'reserved', lines: [{ reserved: 5 }] });
    expect(await stage.level(shop.warehouseId, shop.goods.B)).toMatchObject({ reserved: 5 });
  });
});
