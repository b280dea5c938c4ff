import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { LineQuantity } from '../orders/sales-order.entity.js';
import { SalesOrdersRepository } from '../orders/sales-orders.repository.js';

/** What a document credits of an order. */
export interface CreditedQuantities {
  readonly orderId: string;
  readonly lines: readonly LineQuantity[];
}

/** Writes down on an order what a credit note has credited of it. Called in the unit of work that issues it. */
@Injectable()
export class RecordCredited {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: SalesOrdersRepository,
  ) {}

  /** @throws SalesOrderNotFound, SalesOrderLineNotFound, SalesOrderQuantityExceeded for more than was invoiced */
  async execute({ orderId, lines }: CreditedQuantities): Promise<void> {
    await this.unitOfWork.run(async () => {
      const order = await this.orders.getWholeForUpdate(orderId);
      this.orders.updateWhole(order, order.recordCredited(lines));
    });
  }
}
