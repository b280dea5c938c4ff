import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock } from '#libs/kernel';
import { LockedRefunds } from './locked-refunds.js';
import type { Refund } from './refund.entity.js';
import { RefundFailed } from './refund.events.js';

/** The provider has refused to give the money back: it is free for another refund. */
@Injectable()
export class FailRefund {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly locked: LockedRefunds,
    private readonly outbox: Outbox,
  ) {}

  /** @throws RefundNotFound, MovementContradicted when the money went back */
  async execute(refundId: string, failureCode: string, providerRef: string | null): Promise<Refund> {
    return this.unitOfWork.run(async () => {
      const { refund, payment } = await this.locked.get(refundId);
      const now = this.clock.now();
      if (!refund.fail(failureCode, providerRef, now)) return refund;
      payment.releaseRefund(refund.amountMinor);
      await this.locked.save(refund, payment);
      await this.outbox.append(new RefundFailed(refund, payment, now));
      return refund;
    });
  }
}
