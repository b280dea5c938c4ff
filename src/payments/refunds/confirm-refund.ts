import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { businessDate, Clock } from '#libs/kernel';
import type { MovedMoney } from '../movements/provider-movement.entity.js';
import { LockedRefunds } from './locked-refunds.js';
import type { Refund } from './refund.entity.js';
import { RefundSucceeded } from './refund.events.js';

/** The money went back. Whoever says so first confirms; whoever says so again changes nothing. */
@Injectable()
export class ConfirmRefund {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly locked: LockedRefunds,
    private readonly outbox: Outbox,
  ) {}

  /** @throws RefundNotFound, MovementMismatch, MovementContradicted */
  async execute(refundId: string, moved: MovedMoney): Promise<Refund> {
    return this.unitOfWork.run(async () => {
      const { refund, payment } = await this.locked.get(refundId);
      const now = this.clock.now();
      if (!refund.confirm(moved, now)) return refund;
      payment.recordRefunded(refund.amountMinor);
      await this.locked.save(refund, payment);
      await this.outbox.append(new RefundSucceeded(refund, payment, businessDate(now, currentTenant().timeZone), now));
      return refund;
    });
  }
}
