import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Clock } from '#libs/kernel';
import { PaymentsRepository } from '../payments/payments.repository.js';
import { RecordPaymentAnswer } from '../payments/record-payment-answer.js';
import type { ProviderNotice } from '../provider/payment-provider.js';
import { LockedRefunds } from '../refunds/locked-refunds.js';
import { RecordRefundAnswer } from '../refunds/record-refund-answer.js';
import { ProviderEvent } from './provider-event.entity.js';
import { ProviderEventsRepository } from './provider-events.repository.js';

/**
 * Does what a provider tells of a payment or refund of the tenant, once for each of its events and whatever came
 * before: the movement's own state decides whether there is anything left to do.
 */
@Injectable()
export class RecordProviderNotice {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly events: ProviderEventsRepository,
    private readonly payments: PaymentsRepository,
    private readonly lockedRefunds: LockedRefunds,
    private readonly recordPaymentAnswer: RecordPaymentAnswer,
    private readonly recordRefundAnswer: RecordRefundAnswer,
  ) {}

  /**
   * @returns false for an event that was recorded before
   * @throws PaymentNotFound, RefundNotFound, MovementMismatch, MovementContradicted
   */
  async execute(provider: string, notice: ProviderNotice): Promise<boolean> {
    const { paymentId, refundId = null, answer } = notice;
    return this.unitOfWork.run(async () => {
      // Locked before the event refers to them: two events of one payment would otherwise wait for each other.
      if (refundId === null) await this.payments.getForUpdate(paymentId);
      else await this.lockedRefunds.get(refundId);
      if (!(await this.events.insertOnce(this.eventOf(provider, notice)))) return false;
      if (refundId === null) await this.recordPaymentAnswer.execute(paymentId, answer);
      else await this.recordRefundAnswer.execute(refundId, answer);
      return true;
    });
  }

  private eventOf(provider: string, { eventId, type, paymentId, refundId }: ProviderNotice): ProviderEvent {
    const event = Object.assign(new ProviderEvent(), { provider, eventId, type, paymentId });
    event.refundId = refundId ?? null;
    event.receivedAt = this.clock.now();
    return event;
  }
}
