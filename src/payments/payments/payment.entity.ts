import { Column, Entity } from 'typeorm';
import { minorUnits } from '#libs/database';
import { AMOUNT_MINOR_MAX, isMovable } from '../movements/amounts.js';
import { type MovedMoney, ProviderMovement } from '../movements/provider-movement.entity.js';
import { PaymentAmountInvalid, PaymentNotRefundable, RefundExceedsPayment } from './payment.errors.js';

export const PAYMENT_STATUSES = ['pending', 'unknown', 'captured', 'failed'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Money of a customer for an order. Its id is the provider's idempotency key: it is charged at most once. */
@Entity('payment')
export class Payment extends ProviderMovement {
  declare status: PaymentStatus;

  @Column({ type: 'uuid', name: 'order_id', update: false })
  orderId!: string;

  /** The provider's token of a means of payment; never a card number. */
  @Column({ type: 'text', update: false })
  method!: string;

  /** All of the amount, or nothing. */
  @Column({ type: 'bigint', name: 'captured_minor', transformer: minorUnits })
  capturedMinor: bigint = 0n;

  /** Promised to refunds that have no end yet. */
  @Column({ type: 'bigint', name: 'refunding_minor', transformer: minorUnits })
  refundingMinor: bigint = 0n;

  /** Given back. */
  @Column({ type: 'bigint', name: 'refunded_minor', transformer: minorUnits })
  refundedMinor: bigint = 0n;

  protected get noun(): string {
    return 'payment';
  }

  protected get doneStatus(): 'captured' {
    return 'captured';
  }

  /** What could still be given back; minor units. */
  get refundableMinor(): bigint {
    return this.capturedMinor - this.refundingMinor - this.refundedMinor;
  }

  override confirm(moved: MovedMoney, at: Date): boolean {
    if (!super.confirm(moved, at)) return false;
    this.capturedMinor = moved.amountMinor;
    return true;
  }

  /** Sets money aside for a refund. @throws PaymentNotRefundable, PaymentAmountInvalid, RefundExceedsPayment */
  promiseRefund(amountMinor: bigint): void {
    if (this.status !== 'captured') throw new PaymentNotRefundable(this.id, this.status);
    if (amountMinor > this.refundableMinor || this.refundableMinor === 0n) {
      throw new RefundExceedsPayment(this.id, amountMinor, this.refundableMinor);
    }
    if (!isMovable(amountMinor)) throw new PaymentAmountInvalid(amountMinor, AMOUNT_MINOR_MAX);
    this.refundingMinor += amountMinor;
  }

  /** A refund has succeeded. */
  recordRefunded(amountMinor: bigint): void {
    this.refundingMinor -= amountMinor;
    this.refundedMinor += amountMinor;
  }

  /** A refund has failed: its money is free again. */
  releaseRefund(amountMinor: bigint): void {
    this.refundingMinor -= amountMinor;
  }
}
