import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { ProviderAnswer } from '../provider/payment-provider.js';
import { ConfirmPayment } from './confirm-payment.js';
import { FailPayment } from './fail-payment.js';
import type { Payment } from './payment.entity.js';
import { PaymentsRepository } from './payments.repository.js';

/** Writes down what a provider says of a payment, whichever way it came: its answer, a search, a webhook. */
@Injectable()
export class RecordPaymentAnswer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payments: PaymentsRepository,
    private readonly confirmPayment: ConfirmPayment,
    private readonly failPayment: FailPayment,
  ) {}

  /** The payment as it is afterwards. @throws PaymentNotFound, MovementMismatch, MovementContradicted */
  async execute(paymentId: string, answer: ProviderAnswer): Promise<Payment> {
    switch (answer.status) {
      case 'done':
        return this.confirmPayment.execute(paymentId, answer);
      case 'refused':
        return this.failPayment.execute(paymentId, answer.failureCode, answer.providerRef);
      case 'pending':
        return this.keepWaiting(paymentId, answer.providerRef);
      case 'unknown':
        return this.keepWaiting(paymentId, null);
    }
  }

  private async keepWaiting(paymentId: string, providerRef: string | null): Promise<Payment> {
    return this.unitOfWork.run(async () => {
      const payment = await this.payments.getForUpdate(paymentId);
      if (payment.keepWaiting(providerRef)) await this.payments.update(payment);
      return payment;
    });
  }
}
