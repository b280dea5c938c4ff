import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { Delivery } from '#libs/events';
import { completeOrDefer, requirePatience } from '../movements/patience.js';
import type { PaymentProvider, ProviderAnswer } from '../provider/payment-provider.js';
import { PaymentProviders } from '../provider/payment-providers.js';
import type { Payment } from './payment.entity.js';
import { PaymentQueries } from './payment.queries.js';
import { RecordPaymentAnswer } from './record-payment-answer.js';

/**
 * Has the provider take a payment, outside of any transaction. The intent is written down already, and so is the
 * outcome before the delivery is done. A worker that dies in between asks again under the same key.
 */
@Injectable()
export class TakePayment {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly queries: PaymentQueries,
    private readonly providers: PaymentProviders,
    private readonly recordAnswer: RecordPaymentAnswer,
  ) {}

  /** Completes or defers the delivery. @throws PaymentNotFound, PaymentProviderUnavailable, MovementNeverEnds */
  async execute(paymentId: string, delivery: Delivery): Promise<void> {
    const payment = await this.queries.get(paymentId);
    const answer = payment.isSettled ? null : await ask(this.providers.get(payment.provider), payment, delivery.signal);
    const recorded = await this.unitOfWork.run(async () => {
      const after = answer ? await this.recordAnswer.execute(paymentId, answer) : payment;
      await completeOrDefer(after, delivery);
      return after;
    });
    requirePatience('payment', recorded);
  }
}

/** What is not known to have arrived is told again, under the same key: it is never taken twice. */
async function ask(provider: PaymentProvider, payment: Payment, signal: AbortSignal): Promise<ProviderAnswer> {
  const { id: reference, amountMinor, currency, method } = payment;
  const known = payment.wasAsked ? await provider.findCharge(reference, signal) : null;
  if (known) return known;
  const metadata = { tenantId: currentTenant().id, paymentId: payment.id };
  return provider.charge({ reference, amountMinor, currency, method, metadata }, signal);
}
