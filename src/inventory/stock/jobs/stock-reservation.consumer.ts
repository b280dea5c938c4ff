import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { z } from 'zod';
import { stockReservation } from '../../inventory.subscriptions.js';
import { ReserveStock } from '../reserve-stock.js';

/** What this consumer needs of `sales.order.confirmed`; the event says more. */
const confirmed = z.object({ orderId: z.uuid() });

/** Reserves the stock of a confirmed order. Where the confirmation did so itself, the work is found done. */
@Consumer(stockReservation)
export class StockReservationConsumer implements EventConsumer {
  constructor(private readonly reserveStock: ReserveStock) {}

  async handle(event: DeliveredEvent): Promise<void> {
    await this.reserveStock.execute(confirmed.parse(event.payload).orderId);
  }
}
