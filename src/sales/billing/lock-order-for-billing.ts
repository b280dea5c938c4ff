import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { SalesOrderDetails } from '../orders/sales-order.queries.js';
import { SalesOrdersRepository } from '../orders/sales-orders.repository.js';
import { OrderStock } from '../stock/order-stock.js';

/** How much is to be locked. */
export interface BillingLock {
  /** True when goods will come back in the same unit of work: stock levels are locked before the order. Default false. */
  readonly returnsGoods?: boolean;
}

/**
 * Holds an order while it is decided what to invoice or credit, so that two who bill it at once do it one after the
 * other. Lock the order before invoices and credit notes.
 */
@Injectable()
export class LockOrderForBilling {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: SalesOrdersRepository,
    private readonly stock: OrderStock,
  ) {}

  /** The order as it is under the lock. @throws SalesOrderNotFound */
  async execute(orderId: string, { returnsGoods = false }: BillingLock = {}): Promise<SalesOrderDetails> {
    return this.unitOfWork.run(() =>
      returnsGoods ? this.stock.lockOrder(orderId) : this.orders.getWholeForUpdate(orderId),
    );
  }
}
