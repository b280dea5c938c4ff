import { Column, Entity } from 'typeorm';
import { TenantEntity } from '#libs/database';

/** A key by which a program acts for a user. Kept as its hash; revoked rather than deleted, for the auditor. */
@Entity('api_key')
export class ApiKey extends TenantEntity {
  /** Whose it is: it ends with them, and never permits more than they may. */
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column({ type: 'text' })
  name!: string;

  /** The last characters of the key. */
  @Column({ type: 'text' })
  ending!: string;

  /** SHA-256, hexadecimal. */
  @Column({ type: 'text', name: 'key_hash' })
  keyHash!: string;

  /** What it permits at most. */
  @Column({ type: 'text', array: true })
  permissions: string[] = [];

  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;

  /** To the minute. */
  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null = null;

  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt: Date | null = null;
}
