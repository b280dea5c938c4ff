import { DomainError } from '#libs/kernel';

/** No payment of this tenant has the id. */
export class PaymentNotFound extends DomainError {
  static readonly code = 'payments.payment.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no payment ${id}.`, { id });
  }
}

/** More would be paid than the order comes to, what is under way included. */
export class PaymentExceedsOrder extends DomainError {
  static readonly code = 'payments.payment.exceeds_order';
  static readonly kind = 'conflict';
  constructor(orderId: string, requestedMinor: bigint, openMinor: bigint) {
    super('The order has less left to pay, counting payments under way. Read its payments and pay what is open.', {
      orderId,
      requestedMinor: String(requestedMinor),
      openMinor: String(openMinor),
    });
  }
}

/** Drafts may still change, and of a cancelled order nothing is owed. */
export class OrderNotPayable extends DomainError {
  static readonly code = 'payments.order.not_payable';
  static readonly kind = 'conflict';
  constructor(orderId: string, status: string) {
    super(`Sales order ${orderId} is ${status}; only confirmed orders are paid.`, { orderId, status });
  }
}

/** Nothing, less than nothing, or more than any provider moves at once. */
export class PaymentAmountInvalid extends DomainError {
  static readonly code = 'payments.amount.invalid';
  static readonly kind = 'unprocessable';
  constructor(amountMinor: bigint, maxMinor: bigint) {
    super(`An amount to move is between 1 and ${maxMinor} minor units.`, {
      amountMinor: String(amountMinor),
      maxMinor: String(maxMinor),
    });
  }
}

/** Only what was captured can be given back. */
export class PaymentNotRefundable extends DomainError {
  static readonly code = 'payments.payment.not_refundable';
  static readonly kind = 'conflict';
  constructor(id: string, status: string) {
    super(`Payment ${id} is ${status}; only a captured payment can be refunded.`, { id, status });
  }
}

/** More would be given back than was captured, refunds under way included. */
export class RefundExceedsPayment extends DomainError {
  static readonly code = 'payments.refund.exceeds_payment';
  static readonly kind = 'conflict';
  constructor(paymentId: string, requestedMinor: bigint, refundableMinor: bigint) {
    super(
      'The payment has less left to refund, counting refunds under way. Read its refunds and refund what is left.',
      {
        paymentId,
        requestedMinor: String(requestedMinor),
        refundableMinor: String(refundableMinor),
      },
    );
  }
}
