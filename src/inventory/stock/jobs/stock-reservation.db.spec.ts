import type { DeliveredEvent } from '#libs/events';
import { uuidv7 } from '#libs/kernel';
import { UnitOfWork } from '#libs/database';
import { InventoryJobsModule } from '../../jobs.js';
import { InventoryStage } from '../../testing/index.js';
import { StockReservationConsumer } from './stock-reservation.consumer.js';

let stage: InventoryStage;

beforeAll(async () => {
  stage = await InventoryStage.open({ imports: [InventoryJobsModule] });
});

afterAll(() => stage.close());

function confirmed(orderId: string): DeliveredEvent {
  return {
    id: uuidv7(),
    type: 'sales.order.confirmed',
    aggregateType: 'sales.order',
    aggregateId: orderId,
    sequence: 1,
    payload: { orderId, number: 'SO-2026-000001', customerId: uuidv7(), currency: 'GBP', totalMinor: '100' },
    occurredAt: new Date(),
    correlationId: 'test',
  };
}

const handle = (event: DeliveredEvent) => stage.run(() => stage.get(StockReservationConsumer).handle(event));

it('reserves the stock of a confirmed order, once however often the event comes', async () => {
  const warehouseId = await stage.warehouse();
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 10);
  const { id, lineIds } = await stage.as(() => stage.demands.order(warehouseId, [{ productId: lamp, quantity: 6 }]));
  await Promise.all([handle(confirmed(id)), handle(confirmed(id)), handle(confirmed(id))]);
  expect(await stage.as(() => stage.demands.reservedOf(lineIds))).toEqual([6]);
  expect(await stage.level(warehouseId, lamp)).toMatchObject({ reserved: 6 });
});

it('refuses an event that names no order', async () => {
  await expect(handle({ ...confirmed(uuidv7()), payload: {} })).rejects.toThrow('orderId');
});

it('tells accounting of every document that moved stock, and of nothing else', async () => {
  stage.newTenant();
  const warehouseId = await stage.warehouse();
  const [lamp] = (await stage.products(1)) as [string];
  await stage.receive(warehouseId, lamp, 10, '1.50');
  const { id } = await stage.as(() => stage.demands.order(warehouseId, [{ productId: lamp, quantity: 4 }]));
  await handle(confirmed(id));
  await stage.as(() => stage.sales.ship(id));
  const events = await stage.run(() =>
    stage
      .get(UnitOfWork)
      .query<{ type: string; payload: object }>('select type, payload from platform.outbox_event order by id'),
  );
  expect(events).toEqual([
    {
      type: 'inventory.stock.moved',
      payload: expect.objectContaining({ documentType: 'receipt', valueMinor: '1500' }),
    },
    {
      type: 'inventory.stock.moved',
      payload: expect.objectContaining({ documentType: 'shipment', valueMinor: '-600' }),
    },
  ]);
});
