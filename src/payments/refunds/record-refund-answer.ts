import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { ProviderAnswer } from '../provider/payment-provider.js';
import { ConfirmRefund } from './confirm-refund.js';
import { FailRefund } from './fail-refund.js';
import type { Refund } from './refund.entity.js';
import { RefundsRepository } from './refunds.repository.js';

/** Writes down what a provider says of a refund, whichever way it came: its answer, a search, a webhook. */
@Injectable()
export class RecordRefundAnswer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly refunds: RefundsRepository,
    private readonly confirmRefund: ConfirmRefund,
    private readonly failRefund: FailRefund,
  ) {}

  /** The refund as it is afterwards. @throws RefundNotFound, MovementMismatch, MovementContradicted */
  async execute(refundId: string, answer: ProviderAnswer): Promise<Refund> {
    switch (answer.status) {
      case 'done':
        return this.confirmRefund.execute(refundId, answer);
      case 'refused':
        return this.failRefund.execute(refundId, answer.failureCode, answer.providerRef);
      case 'pending':
        return this.keepWaiting(refundId, answer.providerRef);
      case 'unknown':
        return this.keepWaiting(refundId, null);
    }
  }

  private async keepWaiting(refundId: string, providerRef: string | null): Promise<Refund> {
    return this.unitOfWork.run(async () => {
      const refund = await this.refunds.getForUpdate(refundId);
      if (refund.keepWaiting(providerRef)) await this.refunds.update(refund);
      return refund;
    });
  }
}
