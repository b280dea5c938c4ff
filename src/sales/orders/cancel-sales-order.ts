import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock } from '#libs/kernel';
import { OrderStock } from '../stock/order-stock.js';
import type { LineQuantity } from './sales-order.entity.js';
import { SalesOrderCancelled } from './sales-order.events.js';
import { SalesOrdersRepository } from './sales-orders.repository.js';

/** What is to be cancelled. */
export interface SalesOrderCancellation {
  readonly orderId: string;
  /** Default: everything that is neither shipped nor cancelled. */
  readonly lines?: readonly LineQuantity[] | undefined;
}

/** Cancels an order or parts of it, and gives reserved stock back to whoever waits for it. */
@Injectable()
export class CancelSalesOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly orders: SalesOrdersRepository,
    private readonly stock: OrderStock,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @throws SalesOrderNotFound, SalesOrderNotCancellable, SalesOrderQuantityExceeded, SalesOrderLineNotFound,
   * SalesOrderLineRepeated, SalesOrderTotalNegative
   */
  async execute({ orderId, lines }: SalesOrderCancellation): Promise<void> {
    await this.unitOfWork.run(async () => {
      const order = await this.stock.lockOrder(orderId);
      const wasConfirmed = order.confirmedAt !== null;
      const cancelled = order.cancel(lines);
      this.orders.updateWhole(
        order,
        cancelled.map(({ line }) => line),
      );
      await this.stock.release(order, cancelled);
      // Nobody heard of a draft, so nobody has anything to undo.
      if (wasConfirmed) await this.outbox.append(new SalesOrderCancelled(order, cancelled, this.clock.now()));
    });
  }
}
