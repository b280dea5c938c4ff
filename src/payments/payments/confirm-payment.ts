import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { businessDate, Clock } from '#libs/kernel';
import type { MovedMoney } from '../movements/provider-movement.entity.js';
import type { Payment } from './payment.entity.js';
import { PaymentCaptured } from './payment.events.js';
import { PaymentsRepository } from './payments.repository.js';

/** The provider has the money. Whoever says so first confirms; whoever says so again changes nothing. */
@Injectable()
export class ConfirmPayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly payments: PaymentsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws PaymentNotFound, MovementMismatch, MovementContradicted */
  async execute(paymentId: string, moved: MovedMoney): Promise<Payment> {
    return this.unitOfWork.run(async () => {
      const payment = await this.payments.getForUpdate(paymentId);
      const now = this.clock.now();
      if (!payment.confirm(moved, now)) return payment;
      await this.payments.update(payment);
      await this.outbox.append(new PaymentCaptured(payment, businessDate(now, currentTenant().timeZone), now));
      return payment;
    });
  }
}
