import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';

/** A person who may sign in. Disabled rather than deleted: documents name who made them. */
@Entity('app_user')
export class User extends VersionedEntity {
  /** Unique within the tenant, whatever the case of its letters. */
  @Column({ type: 'text' })
  email!: string;

  /** The address as it is compared. The database makes it. */
  @Column({ type: 'text', name: 'email_key', insert: false, update: false })
  readonly emailKey!: string;

  /** The address that its owner was shown to read, as it is compared; the one of today, or one of before. */
  @Column({ type: 'text', name: 'verified_email_key', nullable: true, insert: false, update: false })
  readonly verifiedEmailKey!: string | null;

  @Column({ type: 'text' })
  name!: string;

  /** argon2id, encoded with its parameters. Never leaves this capability. */
  @Column({ type: 'text', name: 'password_hash' })
  passwordHash!: string;

  @Column({ type: 'text' })
  status: UserStatus = 'active';

  /** Whether the owner of the address of today was shown to read it. False as soon as the address is changed. */
  get emailVerified(): boolean {
    return this.verifiedEmailKey === this.emailKey && this.emailKey === this.email.toLowerCase();
  }
}

/** A disabled user can neither sign in nor use a session that is open. */
export type UserStatus = 'active' | 'disabled';
