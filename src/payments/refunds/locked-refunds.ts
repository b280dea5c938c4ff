import { Injectable } from '@nestjs/common';
import type { Payment } from '../payments/payment.entity.js';
import { PaymentsRepository } from '../payments/payments.repository.js';
import type { Refund } from './refund.entity.js';
import { RefundsRepository } from './refunds.repository.js';

/** Refunds that are being settled. The payment is locked first: whoever asks for a refund of it holds only that. */
@Injectable()
export class LockedRefunds {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly refunds: RefundsRepository,
  ) {}

  /** @throws RefundNotFound */
  async get(id: string): Promise<{ refund: Refund; payment: Payment }> {
    const { paymentId } = await this.refunds.get(id);
    const payment = await this.payments.getForUpdate(paymentId);
    return { payment, refund: await this.refunds.getForUpdate(id) };
  }

  /** Writes both back. */
  async save(refund: Refund, payment: Payment): Promise<void> {
    await this.payments.update(payment);
    await this.refunds.update(refund);
  }
}
