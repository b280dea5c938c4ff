import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock } from '#libs/kernel';
import { OrderPartiesFinder } from './order-parties.js';
import { SalesOrderConfirmed } from './sales-order.events.js';
import { SalesOrdersRepository } from './sales-orders.repository.js';

/** Makes a draft binding. Stock is reserved, the invoice issued and the customer told by listeners of the event. */
@Injectable()
export class ConfirmSalesOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly orders: SalesOrdersRepository,
    private readonly parties: OrderPartiesFinder,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @throws SalesOrderNotFound, SalesOrderNotConfirmable, and what {@link OrderPartiesFinder} refuses: what could be
   * sold when the draft was made may be archived by now
   */
  async execute(orderId: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const order = await this.orders.getWholeForUpdate(orderId);
      const now = this.clock.now();
      order.confirm(now);
      const { customerId, warehouseId, lines } = order;
      await this.parties.find({ customerId, warehouseId, productIds: lines.map((line) => line.productId) });
      await this.orders.update(order);
      await this.outbox.append(new SalesOrderConfirmed(order, now));
    });
  }
}
