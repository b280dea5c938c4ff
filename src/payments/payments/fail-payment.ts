import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock } from '#libs/kernel';
import type { Payment } from './payment.entity.js';
import { PaymentFailed } from './payment.events.js';
import { PaymentsRepository } from './payments.repository.js';

/** The provider has refused: a declined card, or a payment it does not know how to take. */
@Injectable()
export class FailPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly payments: PaymentsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws PaymentNotFound, MovementContradicted when it was captured */
  async execute(paymentId: string, failureCode: string, providerRef: string | null): Promise<Payment> {
    return this.unitOfWork.run(async () => {
      const payment = await this.payments.getForUpdate(paymentId);
      const now = this.clock.now();
      if (!payment.fail(failureCode, providerRef, now)) return payment;
      await this.payments.update(payment);
      await this.outbox.append(new PaymentFailed(payment, now));
      return payment;
    });
  }
}
