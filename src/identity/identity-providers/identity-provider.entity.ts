import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';

/** A server of somebody else's by which people of the tenant may sign in (OpenID Connect). */
@Entity('identity_provider')
export class IdentityProvider extends VersionedEntity {
  /** Names it in requests; unique within the tenant. */
  @Column({ type: 'text' })
  slug!: string;

  /** For the button. */
  @Column({ type: 'text' })
  name!: string;

  /** Exactly as the provider calls itself. */
  @Column({ type: 'text' })
  issuer!: string;

  @Column({ type: 'text', name: 'client_id' })
  clientId!: string;

  /** Sealed for this row. Null for a client without one. */
  @Column({ type: 'text', name: 'client_secret', nullable: true })
  clientSecret: string | null = null;

  /** Whoever has the verified address of a user, who has verified it here too, is that user. */
  @Column({ type: 'boolean', name: 'link_by_email' })
  linkByEmail!: boolean;

  /** Who comes from there is not asked for a second factor here. */
  @Column({ type: 'boolean', name: 'trusts_second_factor' })
  trustsSecondFactor!: boolean;

  /** Whoever is unknown here becomes a user with this role; null: nobody does. */
  @Column({ type: 'uuid', name: 'default_role_id', nullable: true })
  defaultRoleId: string | null = null;

  @Column({ type: 'boolean' })
  enabled!: boolean;
}
