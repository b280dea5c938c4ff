import { Column, Entity } from 'typeorm';
import { TenantEntity } from '#libs/database';

/** A session as its user sees it. What happens to it is SQL of `Sessions`; this is for reading. */
@Entity('session')
export class Session extends TenantEntity {
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  /** To the minute. */
  @Column({ type: 'timestamptz', name: 'last_seen_at' })
  lastSeenAt!: Date;

  /** However busy, it ends then. */
  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;

  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt: Date | null = null;

  /** Where it was opened from. */
  @Column({ type: 'inet', nullable: true })
  ip: string | null = null;

  @Column({ type: 'text', name: 'user_agent', nullable: true })
  userAgent: string | null = null;

  /** How its user signed in (RFC 8176). */
  @Column({ type: 'text', array: true })
  amr: string[] = [];
}
