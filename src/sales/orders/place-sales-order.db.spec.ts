import { SalesOrderExternalRefTaken } from './sales-order.errors.js';
import { type Shop, SalesStage } from '../testing/index.js';

let stage: SalesStage;
let shop: Shop;

beforeAll(async () => {
  stage = await SalesStage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  shop = await stage.newShop();
});

it('places a draft with a number, prices and totals of its own', async () => {
  const placed = await stage.place(shop, [{ productId: shop.goods.A, quantity: 3 }], { confirm: false });
  expect(placed.number).toMatch(/^SO-\d{4}-000001$/);
  const order = await stage.order(placed.id);
  expect(order).toMatchObject({ status: 'draft', netMinor: 765n, taxMinor: 153n, totalMinor: 918n });
  expect(await stage.faults()).toEqual([]);
});

it('confirms and reserves in the same transaction', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 10);
  const placed = await stage.place(shop, [
    { productId: shop.goods.A, quantity: 4 },
    { productId: shop.delivery, quantity: 1 },
  ]);
  expect(await stage.order(placed.id)).toMatchObject({ status: 'reserved', lines: [{ reserved: 4 }, { reserved: 0 }] });
  expect(await stage.level(shop.warehouseId, shop.goods.A)).toMatchObject({ onHand: 10, reserved: 4 });
  expect(await stage.faults()).toEqual([]);
});

it('refuses a second order from the same source document', async () => {
  const lines = [{ productId: shop.goods.A, quantity: 1 }];
  await stage.place(shop, lines, { externalRef: '536365' });
  await expect(stage.place(shop, lines, { externalRef: '536365' })).rejects.toThrow(SalesOrderExternalRefTaken);
});
