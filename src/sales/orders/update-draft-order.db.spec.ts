import { CreateCustomers } from '#erp/customers';
import { newCustomer } from '#erp/customers/testing';
import { ConcurrentModification } from '#libs/database';
import { PreconditionFailed } from '#libs/http';
import { UnitPrice } from '#libs/kernel';
import { type Shop, SalesStage } from '../testing/index.js';
import { ConfirmSalesOrder } from './confirm-sales-order.js';
import { SalesOrderExternalRefTaken, SalesOrderNotEditable } from './sales-order.errors.js';
import { SalesOrderQueries } from './sales-order.queries.js';
import { type DraftOrderChanges, UpdateDraftOrder } from './update-draft-order.js';

let stage: SalesStage;
let shop: Shop;
let orderId: string;

beforeAll(async () => {
  stage = await SalesStage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  shop = await stage.newShop();
  const lines = [{ productId: shop.goods.A, quantity: 100, unitPrice: UnitPrice.parse('1.20', 'GBP') }];
  ({ id: orderId } = await stage.place(shop, lines, { confirm: false }));
});
afterEach(() => stage.requireRightBooks());

const change = (changes: DraftOrderChanges, expectedVersion?: number) =>
  stage.as(() => stage.get(UpdateDraftOrder).execute(orderId, changes, expectedVersion));

it('changes the head and leaves the lines alone', async () => {
  const before = await stage.order(orderId);
  await change({ note: 'Leave at the gate', externalRef: 'web-7' }, 1);
  const after = await stage.order(orderId);
  expect(after).toMatchObject({ note: 'Leave at the gate', externalRef: 'web-7', version: 2, lines: before.lines });
});

it('replaces the lines and totals them anew', async () => {
  await change({ lines: [{ productId: shop.goods.B, quantity: 2 }] });
  expect(await stage.order(orderId)).toMatchObject({ netMinor: 510n, lines: [{ sku: 'B', ordered: 2, lineNo: 1 }] });
});

it('keeps agreed prices when they come to include tax', async () => {
  expect(await stage.order(orderId)).toMatchObject({ netMinor: 12_000n, totalMinor: 14_400n });
  await change({ priceMode: 'gross' });
  expect(await stage.order(orderId)).toMatchObject({ netMinor: 10_000n, totalMinor: 12_000n, priceMode: 'gross' });
});

it('takes over the name and addresses of another customer', async () => {
  const [babbage] = await stage.as(() => stage.get(CreateCustomers).execute([newCustomer('Babbage Ltd')]));
  await change({ customerId: babbage!.id });
  expect(await stage.order(orderId)).toMatchObject({ customerName: 'Babbage Ltd', customerEmail: babbage!.email });
});

it('refuses what another saw before, and what is no longer a draft', async () => {
  await change({ note: 'first' }, 1);
  await expect(change({ note: 'second' }, 1)).rejects.toThrow(PreconditionFailed);
  await stage.as(() => stage.get(ConfirmSalesOrder).execute(orderId));
  await expect(change({ note: 'third' })).rejects.toThrow(SalesOrderNotEditable);
});

it('refuses an external reference that another order has', async () => {
  await stage.place(shop, [{ productId: shop.goods.A, quantity: 1 }], { externalRef: 'taken' });
  await expect(change({ externalRef: 'taken' })).rejects.toThrow(SalesOrderExternalRefTaken);
});

it('lets one of two win who change or confirm it at once, and loses no line', async () => {
  for (let round = 0; round < 8; round++) {
    const lines = [1, 2].map((quantity) => ({ productId: shop.goods.C, quantity }));
    const replace = () => change({ lines });
    const confirm = () => stage.as(() => stage.get(ConfirmSalesOrder).execute(orderId));
    const ends = await Promise.allSettled([replace(), replace(), confirm()]);
    const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    for (const error of lost) {
      expect([ConcurrentModification, SalesOrderNotEditable]).toContain((error as object).constructor);
    }
    const order = await stage.order(orderId);
    expect([1, 2]).toContain(order.lines.length);
    expect(order.status).toBe('confirmed');
    const next = await stage.place(shop, [{ productId: shop.goods.A, quantity: 1 }], { confirm: false });
    orderId = next.id;
  }
});

it('lists drafts newest first, by status, customer, number and reference', async () => {
  const { id, number } = await stage.place(shop, [{ productId: shop.goods.A, quantity: 1 }], { externalRef: 'x' });
  const list = async (filter: Parameters<SalesOrderQueries['page']>[0], cursor?: string) => {
    const page = await stage.as(() => stage.get(SalesOrderQueries).page(filter, { limit: 1, cursor }));
    return { ids: page.items.map((order) => order.id), nextCursor: page.nextCursor };
  };
  const first = await list({ customerId: shop.customerId });
  expect(first.ids).toEqual([id]);
  expect(await list({}, first.nextCursor!)).toEqual({ ids: [orderId], nextCursor: null });
  expect((await list({ status: 'draft' })).ids).toEqual([orderId]);
  expect((await list({ number })).ids).toEqual([id]);
  expect((await list({ externalRef: 'x' })).ids).toEqual([id]);
  expect((await list({ externalRef: 'y' })).ids).toEqual([]);
});
