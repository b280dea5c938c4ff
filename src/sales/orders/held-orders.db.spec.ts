import { type Shop, SalesStage } from '../testing/index.js';
import { RecordCredited } from '../billing/record-credited.js';
import { RecordInvoiced } from '../billing/record-invoiced.js';
import { RecordReturned } from '../billing/record-returned.js';
import { ShipSalesOrder } from '../shipments/ship-sales-order.js';
import { CancelSalesOrder } from './cancel-sales-order.js';
import { ConfirmSalesOrder } from './confirm-sales-order.js';
import { PlaceSalesOrder } from './place-sales-order.js';
import { UpdateDraftOrder } from './update-draft-order.js';

// An order that a unit of work has locked is read once. These are the ways in which something else changes it meanwhile.
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

const place = (quantities: readonly number[], confirm: boolean) =>
  stage.get(PlaceSalesOrder).execute({
    customerId: shop.customerId,
    warehouseId: shop.warehouseId,
    confirm,
    lines: quantities.map((quantity) => ({ productId: shop.goods.A, quantity })),
  });

it('confirms a draft as it is after a change in the same unit of work', async () => {
  const placed = await stage.run(async () => {
    const { id } = await place([2], false);
    await stage.get(UpdateDraftOrder).execute(id, { lines: [{ productId: shop.goods.B, quantity: 5 }] });
    await stage.get(ConfirmSalesOrder).execute(id);
    return id;
  });
  expect(await stage.order(placed)).toMatchObject({ status: 'confirmed', lines: [{ ordered: 5 }] });
});

it('gives what one line sets free to another line of the same order, and goes on with that', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 5);
  const id = await stage.run(async () => {
    const order = await place([5, 4], true);
    const [first] = order.lines;
    await stage.get(CancelSalesOrder).execute({ orderId: order.id, lines: [{ lineId: first!.id, quantity: 3 }] });
    await stage.get(ShipSalesOrder).execute({ orderId: order.id });
    return order.id;
  });
  expect(await stage.order(id)).toMatchObject({
    status: 'partly_shipped',
    lines: [
      { shipped: 2, reserved: 0, cancelled: 3 },
      { shipped: 3, reserved: 0 },
    ],
  });
});

it('gives what comes back to another line of the same order, and then credits it', async () => {
  await stage.receive(shop.warehouseId, shop.goods.A, 5);
  const id = await stage.run(async () => {
    const order = await place([5, 4], true);
    const all = order.lines.map(({ id: lineId }, index) => ({ lineId, quantity: [5, 4][index]! }));
    const back = [{ lineId: order.lines[0]!.id, quantity: 2 }];
    await stage.get(ShipSalesOrder).execute({ orderId: order.id });
    await stage.get(RecordInvoiced).execute({ orderId: order.id, lines: all });
    await stage.get(RecordReturned).execute({ orderId: order.id, documentId: order.id, lines: back });
    await stage.get(RecordCredited).execute({ orderId: order.id, lines: back });
    await stage.get(ShipSalesOrder).execute({ orderId: order.id });
    return order.id;
  });
  expect(await stage.order(id)).toMatchObject({
    status: 'partly_shipped',
    lines: [
      { shipped: 5, returned: 2, credited: 2 },
      { shipped: 2, reserved: 0 },
    ],
  });
});
