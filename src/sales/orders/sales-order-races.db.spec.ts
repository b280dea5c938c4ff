import { jest } from '@jest/globals';
import { RecordStockReceipt, ReserveStock } from '#erp/inventory';
import { ConcurrentModification, UnitOfWork } from '#libs/database';
import { UnitPrice } from '#libs/kernel';
import { RecordInvoiced } from '../billing/record-invoiced.js';
import { ShipSalesOrder } from '../shipments/ship-sales-order.js';
import { type Shop, SalesStage } from '../testing/index.js';
import { CancelSalesOrder } from './cancel-sales-order.js';
import { ConfirmSalesOrder } from './confirm-sales-order.js';
import {
  SalesOrderExternalRefTaken,
  SalesOrderNotConfirmable,
  SalesOrderQuantityExceeded,
} from './sales-order.errors.js';
import { SalesOrdersRepository } from './sales-orders.repository.js';

/** A race is run so often that both orders of the two come up. */
const ROUNDS = 12;

let stage: SalesStage;
let shop: Shop;

beforeAll(async () => {
  stage = await SalesStage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  shop = await stage.newShop();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stage.requireRightBooks();
});

const line = (productId: string, quantity: number) => ({ productId, quantity });
const verbs = {
  confirm: (orderId: string) => stage.as(() => stage.get(ConfirmSalesOrder).execute(orderId)),
  ship: (orderId: string, lines?: { lineId: string; quantity: number }[]) =>
    stage.as(() => stage.get(ShipSalesOrder).execute({ orderId, lines })),
  cancel: (orderId: string, lines?: { lineId: string; quantity: number }[]) =>
    stage.as(() => stage.get(CancelSalesOrder).execute({ orderId, lines })),
  reserve: (orderId: string) => stage.as(() => stage.get(ReserveStock).execute(orderId)),
};

/** Runs all at once; gives the errors of those that failed. */
async function race(...runners: (() => Promise<unknown>)[]): Promise<unknown[]> {
  const ends = await Promise.allSettled(runners.map((run) => run()));
  return ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
}

it('confirms once when two confirm', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await stage.place(shop, [line(shop.goods.A, 1)], { confirm: false });
    const lost = await race(
      () => verbs.confirm(id),
      () => verbs.confirm(id),
    );
    expect(lost).toEqual([expect.any(SalesOrderNotConfirmable)]);
  }
  const told = await stage.run(() =>
    stage.sql(`select from platform.outbox_event where type = 'sales.order.confirmed' group by aggregate_id`),
  );
  expect(told).toHaveLength(ROUNDS);
});

it('ships or cancels, never both', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 5 * ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await stage.place(shop, [line(shop.goods.A, 5)]);
    const runners = [() => verbs.ship(id), () => verbs.cancel(id)];
    const lost = await race(...(round % 2 ? runners : runners.toReversed()));
    expect(lost).toHaveLength(1);
    const { lines } = await stage.order(id);
    expect(lines[0]!.shipped + lines[0]!.cancelled).toBe(5);
    expect(lines[0]!.shipped * lines[0]!.cancelled).toBe(0);
  }
});

it('leaves nothing reserved for an order that is cancelled while stock comes in for it', async () => {
  const { warehouseId, goods } = shop;
  const lines = [{ productId: goods.A, quantity: 5, unitCost: UnitPrice.parse('1', 'GBP') }];
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await stage.place(shop, [line(goods.A, 5)]);
    const receive = () => stage.as(() => stage.get(RecordStockReceipt).execute({ warehouseId, lines }));
    expect(
      await race(
        receive,
        () => verbs.cancel(id),
        () => verbs.reserve(id),
      ),
    ).toEqual([]);
    expect(await stage.order(id)).toMatchObject({ status: 'cancelled', lines: [{ reserved: 0 }] });
    expect(await stage.level(warehouseId, goods.A)).toMatchObject({ reserved: 0 });
    await stage.place(shop, [line(goods.A, 5)]).then((other) => verbs.ship(other.id));
  }
});

it('cancels both parts when two cancel a part each, and refuses what is too much', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id, lines } = await stage.place(shop, [line(shop.goods.A, 10)]);
    const part = (quantity: number) => () => verbs.cancel(id, [{ lineId: lines[0]!.id, quantity }]);
    expect(await race(part(4), part(4))).toEqual([]);
    expect(await race(part(2), part(2))).toEqual([expect.any(SalesOrderQuantityExceeded)]);
    expect(await stage.order(id)).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 10 }] });
  }
});

it('never ships more than is reserved', async () => {
  const { warehouseId, goods } = shop;
  await stage.receive(warehouseId, goods.A, 5 * ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    const { id, lines } = await stage.place(shop, [line(goods.A, 5)]);
    const part = () => verbs.ship(id, [{ lineId: lines[0]!.id, quantity: 3 }]);
    expect(await race(part, part)).toEqual([expect.any(SalesOrderQuantityExceeded)]);
    await verbs.ship(id);
  }
  expect(await stage.level(warehouseId, goods.A)).toEqual({ onHand: 0, reserved: 0, valueMinor: 0n });
});

it('numbers the shipments of an order without gaps when several ship it', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 6);
  const { id, number, lines } = await stage.place(shop, [line(shop.goods.A, 6)]);
  const one = () => verbs.ship(id, [{ lineId: lines[0]!.id, quantity: 1 }]);
  expect(await race(one, one, one, one, one, one)).toEqual([]);
  const numbers = await stage.run(() => stage.sql<{ number: string }>('select number from sales_shipment order by 1'));
  expect(numbers.map((row) => row.number)).toEqual([1, 2, 3, 4, 5, 6].map((no) => `${number}-S${no}`));
});

it('sells each unit once, and numbers orders without gaps, when many order the same goods', async () => {
  const { A, B } = shop.goods;
  await stage.receive(shop.warehouseId, A, 10);
  await stage.receive(shop.warehouseId, B, 10);
  const orders = Array.from({ length: 16 }, (_, index) =>
    index % 2 ? [line(A, 3), line(B, 3)] : [line(B, 3), line(A, 3)],
  );
  expect(await race(...orders.map((lines) => () => stage.place(shop, lines)))).toEqual([]);
  for (const product of [A, B]) expect(await stage.level(shop.warehouseId, product)).toMatchObject({ reserved: 10 });
  const numbers = await stage.run(() => stage.sql<{ number: string }>('select number from sales_order order by 1'));
  expect(numbers.map((row) => Number(row.number.slice(-6)))).toEqual(orders.map((_, index) => index + 1));
});

it('lets one of two orders have a source document', async () => {
  const place = () => stage.place(shop, [line(shop.goods.A, 1)], { externalRef: '536365' });
  expect(await race(place, place)).toEqual([expect.any(SalesOrderExternalRefTaken)]);
});

it('ends with right books whatever happens at once', async () => {
  const { A, B, C } = shop.goods;
  const goods = [A, B, C];
  const orders = await Promise.all(goods.map((product) => stage.place(shop, [line(product, 9), line(A, 4)])));
  let seed = 20_101_201;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const act = () => {
    const { id, lines } = orders[random(orders.length)]!;
    const part = [{ lineId: lines[random(lines.length)]!.id, quantity: 1 + random(2) }];
    const invoice = () => stage.as(() => stage.get(RecordInvoiced).execute({ orderId: id, lines: part }));
    const receive = () => stage.receive(shop.warehouseId, goods[random(3)]!, 1 + random(4));
    const place = () => stage.place(shop, [line(goods[random(3)]!, 2), line(goods[random(3)]!, 1)]);
    const acts = [
      receive,
      receive,
      invoice,
      place,
      () => verbs.ship(id),
      () => verbs.ship(id, part),
      () => verbs.cancel(id, part),
    ];
    return acts[random(acts.length)]!;
  };
  const lost = await race(...Array.from({ length: 120 }, act));
  expect(lost.filter((error) => !(error as { kind?: string }).kind)).toEqual([]);
});

describe('without the lock on the order', () => {
  beforeEach(() => {
    jest.spyOn(SalesOrdersRepository.prototype, 'lockedVersion').mockImplementation(async function unlocked(id) {
      const sql = 'select version from sales_order where id = $1';
      const [row] = await stage.get(UnitOfWork).query<{ version: number }>(sql, [id]);
      return row!.version;
    });
    jest.spyOn(SalesOrdersRepository.prototype, 'lock').mockResolvedValue();
  });

  it('the one who confirms second is not told that it is confirmed (mutation)', async () => {
    const lost: unknown[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await stage.place(shop, [line(shop.goods.A, 1)], { confirm: false });
      lost.push(
        ...(await race(
          () => verbs.confirm(id),
          () => verbs.confirm(id),
        )),
      );
    }
    expect(lost).toContainEqual(expect.any(ConcurrentModification));
  });

  it('two who cancel a part of services each do not both succeed (mutation)', async () => {
    const lost: unknown[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { id, lines } = await stage.place(shop, [line(shop.delivery, 10)]);
      const part = () => verbs.cancel(id, [{ lineId: lines[0]!.id, quantity: 4 }]);
      lost.push(...(await race(part, part)));
    }
    expect(lost).toContainEqual(expect.any(ConcurrentModification));
  });
});
