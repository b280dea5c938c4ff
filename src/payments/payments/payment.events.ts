import { DomainEvent } from '#libs/events';
import type { Payment } from './payment.entity.js';

/** A payment is to be taken. */
export class PaymentRequested extends DomainEvent {
  static readonly type = 'payments.payment.requested';
  readonly aggregateType = 'payments.payment';
  constructor(payment: Payment, at: Date) {
    super(payment.id, { paymentId: payment.id, ...factsOf(payment) }, at);
  }
}

/** The money is ours. */
export class PaymentCaptured extends DomainEvent {
  static readonly type = 'payments.payment.captured';
  readonly aggregateType = 'payments.payment';
  override readonly effectKey: string;
  /** @param businessDate the tenant's local date on which we learnt of it */
  constructor(payment: Payment, businessDate: string, at: Date) {
    super(payment.id, { paymentId: payment.id, ...factsOf(payment), businessDate }, at);
    this.effectKey = `payment_confirmed:${payment.id}`;
  }
}

/** The provider refused; nothing was taken. */
export class PaymentFailed extends DomainEvent {
  static readonly type = 'payments.payment.failed';
  readonly aggregateType = 'payments.payment';
  constructor(payment: Payment, at: Date) {
    super(payment.id, { paymentId: payment.id, ...factsOf(payment), failureCode: payment.failureCode }, at);
  }
}

function factsOf({ orderId, currency, amountMinor, provider }: Payment) {
  return { orderId, currency, amountMinor: String(amountMinor), provider };
}
