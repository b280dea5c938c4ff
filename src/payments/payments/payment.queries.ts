import { Injectable } from '@nestjs/common';
import { SalesOrderNotFound, SalesOrderQueries } from '#erp/sales';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Payment } from './payment.entity.js';
import { PaymentsRepository } from './payments.repository.js';

/** Reads of payments. */
@Injectable()
export class PaymentQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payments: PaymentsRepository,
    private readonly orders: SalesOrderQueries,
  ) {}

  /** @throws PaymentNotFound */
  async get(id: string): Promise<Payment> {
    return this.unitOfWork.read(() => this.payments.get(id));
  }

  /** Payments of an order, newest first. @throws SalesOrderNotFound, InvalidCursor */
  async pageOfOrder(orderId: string, limit: number, cursor?: string): Promise<Page<Payment>> {
    return this.unitOfWork.read(async () => {
      const page = await this.payments.page({ limit, cursor, where: { orderId } });
      if (page.items.length > 0) return page;
      const known = await this.orders.byIds([orderId]);
      if (!known.has(orderId)) throw new SalesOrderNotFound(orderId);
      return page;
    });
  }
}
