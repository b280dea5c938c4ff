import { Column, Entity } from 'typeorm';
import { TenantEntity } from '#libs/database';

/** `sending` is written before the mail leaves: found later, it means that nobody knows whether it did. */
export type EmailStatus = 'sending' | 'sent' | 'deferred' | 'unknown' | 'rejected';

/** One mail because of one event. Its id is its Message-ID, so that a second copy can be recognised as one. */
@Entity('email_message')
export class EmailMessage extends TenantEntity {
  @Column({ type: 'text', update: false })
  kind!: string;

  @Column({ type: 'uuid', name: 'event_id', update: false })
  eventId!: string;

  @Column({ type: 'text', name: 'to_address', update: false })
  toAddress!: string;

  @Column({ type: 'text', update: false })
  subject!: string;

  @Column({ type: 'text' })
  status: EmailStatus = 'sending';

  @Column({ type: 'integer' })
  attempts: number = 1;

  @Column({ type: 'text', name: 'last_reason', nullable: true })
  lastReason: string | null = null;

  @Column({ type: 'timestamptz', name: 'sent_at', nullable: true })
  sentAt: Date | null = null;

  /** Nothing more is to be done about it. */
  get isSettled(): boolean {
    return this.status === 'sent' || this.status === 'rejected';
  }

  /** Another try begins. */
  resume(): void {
    this.status = 'sending';
    this.attempts += 1;
  }
}
