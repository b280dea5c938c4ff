import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { Delivery } from '#libs/events';
import { completeOrDefer, requirePatience } from '../movements/patience.js';
import type { Payment } from '../payments/payment.entity.js';
import type { PaymentProvider, ProviderAnswer } from '../provider/payment-provider.js';
import { PaymentProviders } from '../provider/payment-providers.js';
import { RecordRefundAnswer } from './record-refund-answer.js';
import type { Refund } from './refund.entity.js';
import { RefundQueries } from './refund.queries.js';

/** Has the provider give money back; otherwise like `TakePayment`. */
@Injectable()
export class PayRefund {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly queries: RefundQueries,
    private readonly providers: PaymentProviders,
    private readonly recordAnswer: RecordRefundAnswer,
  ) {}

  /** Completes or defers the delivery. @throws RefundNotFound, PaymentProviderUnavailable, MovementNeverEnds */
  async execute(refundId: string, delivery: Delivery): Promise<void> {
    const { refund, payment } = await this.queries.getWithPayment(refundId);
    const provider = this.providers.get(refund.provider);
    const answer = refund.isSettled ? null : await ask(provider, refund, payment, delivery.signal);
    const recorded = await this.unitOfWork.run(async () => {
      const after = answer ? await this.recordAnswer.execute(refundId, answer) : refund;
      await completeOrDefer(after, delivery);
      return after;
    });
    requirePatience('refund', recorded);
  }
}

async function ask(
  provider: PaymentProvider,
  refund: Refund,
  payment: Payment,
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const { id: reference, amountMinor } = refund;
  const known = refund.wasAsked ? await provider.findRefund(reference, signal) : null;
  if (known) return known;
  const metadata = { tenantId: currentTenant().id, paymentId: payment.id, refundId: refund.id };
  // Only captured payments are refunded, and a captured payment has its reference (payment_done_check).
  const chargeRef = payment.providerRef ?? '';
  return provider.refund({ reference, chargeRef, amountMinor, metadata }, signal);
}
