import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Payment } from '../payments/payment.entity.js';
import { PaymentsRepository } from '../payments/payments.repository.js';
import type { Refund } from './refund.entity.js';
import { RefundsRepository } from './refunds.repository.js';

/** Reads of refunds. */
@Injectable()
export class RefundQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly refunds: RefundsRepository,
    private readonly payments: PaymentsRepository,
  ) {}

  /** A refund and the payment it is of. @throws RefundNotFound */
  async getWithPayment(id: string): Promise<{ refund: Refund; payment: Payment }> {
    return this.unitOfWork.read(async () => {
      const refund = await this.refunds.get(id);
      return { refund, payment: await this.payments.get(refund.paymentId) };
    });
  }

  /** Refunds of a payment, newest first. @throws PaymentNotFound, InvalidCursor */
  async pageOfPayment(paymentId: string, limit: number, cursor?: string): Promise<Page<Refund>> {
    return this.unitOfWork.read(async () => {
      await this.payments.get(paymentId);
      return this.refunds.page({ limit, cursor, where: { paymentId } });
    });
  }
}
