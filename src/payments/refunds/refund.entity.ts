import { Column, Entity } from 'typeorm';
import { ProviderMovement } from '../movements/provider-movement.entity.js';

export const REFUND_STATUSES = ['pending', 'unknown', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** Money of a payment that goes back. Its id is the provider's idempotency key: it is given back at most once. */
@Entity('refund')
export class Refund extends ProviderMovement {
  declare status: RefundStatus;

  @Column({ type: 'uuid', name: 'payment_id', update: false })
  paymentId!: string;

  /** For people. */
  @Column({ type: 'text', nullable: true, update: false })
  reason: string | null = null;

  protected get noun(): string {
    return 'refund';
  }

  protected get doneStatus(): 'succeeded' {
    return 'succeeded';
  }
}
