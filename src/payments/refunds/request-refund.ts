import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock, CurrencyMismatch, type Money } from '#libs/kernel';
import { PaymentsRepository } from '../payments/payments.repository.js';
import { Refund } from './refund.entity.js';
import { RefundRequested } from './refund.events.js';
import { RefundsRepository } from './refunds.repository.js';

/** What is to be given back. */
export interface NewRefund {
  readonly paymentId: string;
  /** Default: all that is left of the payment. */
  readonly amount?: Money | undefined;
  readonly reason?: string | undefined;
}

/** Writes down that money goes back, and sets it aside. The provider is asked afterwards, by the event's consumer. */
@Injectable()
export class RequestRefund {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly payments: PaymentsRepository,
    private readonly refunds: RefundsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws PaymentNotFound, PaymentNotRefundable, RefundExceedsPayment, PaymentAmountInvalid, CurrencyMismatch */
  async execute({ paymentId, amount, reason }: NewRefund): Promise<Refund> {
    return this.unitOfWork.run(async () => {
      const payment = await this.payments.getForUpdate(paymentId);
      const { currency, provider } = payment;
      if (amount && amount.currency !== currency) throw new CurrencyMismatch(currency, amount.currency);
      const amountMinor = amount?.minor ?? payment.refundableMinor;
      payment.promiseRefund(amountMinor);
      const refund = Object.assign(new Refund(), {
        paymentId,
        provider,
        amountMinor,
        currency,
        reason: reason ?? null,
      });
      await this.payments.update(payment);
      await this.refunds.insert(refund);
      await this.outbox.append(new RefundRequested(refund, payment, this.clock.now()));
      return refund;
    });
  }
}
