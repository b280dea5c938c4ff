import { z } from 'zod';
import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { BillOrder } from '../billing/bill-order.js';
import { orderBilling } from '../invoicing.subscriptions.js';

const payload = z.object({ orderId: z.guid() });

/** Invoices confirmed orders and credits what is cancelled. */
@Consumer(orderBilling)
export class OrderBillingConsumer implements EventConsumer {
  constructor(private readonly billOrder: BillOrder) {}

  async handle(event: DeliveredEvent): Promise<void> {
    await this.billOrder.execute(payload.parse(event.payload).orderId);
  }
}
