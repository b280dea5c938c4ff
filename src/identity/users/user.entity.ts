import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';

/** A person who may sign in. Disabled rather than deleted: documents name who made them. */
@Entity('app_user')
export class User extends VersionedEntity {
  /** Unique within the tenant, whatever the case of its letters. */
  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'text' })
  name!: string;

  /** argon2id, encoded with its parameters. Never leaves this capability. */
  @Column({ type: 'text', name: 'password_hash' })
  passwordHash!: string;

  @Column({ type: 'text' })
  status: UserStatus = 'active';
}

/** A disabled user can neither sign in nor use a session that is open. */
export type UserStatus = 'active' | 'disabled';
