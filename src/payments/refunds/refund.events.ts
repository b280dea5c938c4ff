import { DomainEvent } from '#libs/events';
import type { Payment } from '../payments/payment.entity.js';
import type { Refund } from './refund.entity.js';

/** Money is to be given back. */
export class RefundRequested extends DomainEvent {
  static readonly type = 'payments.refund.requested';
  readonly aggregateType = 'payments.refund';
  constructor(refund: Refund, payment: Payment, at: Date) {
    super(refund.id, factsOf(refund, payment), at);
  }
}

/** The money went back. */
export class RefundSucceeded extends DomainEvent {
  static readonly type = 'payments.refund.succeeded';
  readonly aggregateType = 'payments.refund';
  override readonly effectKey: string;
  /** @param businessDate the tenant's local date on which we learnt of it */
  constructor(refund: Refund, payment: Payment, businessDate: string, at: Date) {
    super(refund.id, { ...factsOf(refund, payment), businessDate }, at);
    this.effectKey = `refund_ledger:${refund.id}`;
  }
}

/** The provider refused; nothing went back. */
export class RefundFailed extends DomainEvent {
  static readonly type = 'payments.refund.failed';
  readonly aggregateType = 'payments.refund';
  constructor(refund: Refund, payment: Payment, at: Date) {
    super(refund.id, { ...factsOf(refund, payment), failureCode: refund.failureCode }, at);
  }
}

function factsOf({ id, paymentId, currency, amountMinor, provider }: Refund, { orderId }: Payment) {
  return { refundId: id, paymentId, orderId, currency, amountMinor: String(amountMinor), provider };
}
