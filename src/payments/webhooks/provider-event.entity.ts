import { Column, Entity } from 'typeorm';
import { TenantEntity } from '#libs/database';

/** A webhook that was taken. Its event id is unique per tenant and provider: the same event is taken once. */
@Entity('payment_provider_event')
export class ProviderEvent extends TenantEntity {
  @Column({ type: 'text', update: false })
  provider!: string;

  @Column({ type: 'text', name: 'event_id', update: false })
  eventId!: string;

  @Column({ type: 'text', update: false })
  type!: string;

  @Column({ type: 'uuid', name: 'payment_id', update: false })
  paymentId!: string;

  @Column({ type: 'uuid', name: 'refund_id', nullable: true, update: false })
  refundId: string | null = null;

  @Column({ type: 'timestamptz', name: 'received_at', update: false })
  receivedAt!: Date;
}
