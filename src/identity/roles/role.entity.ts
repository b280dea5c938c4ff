import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';
import { PERMISSION_NAMES } from './permissions.js';
import { OwnerRoleProtected } from './role.errors.js';

/** A named set of permissions that users are given. */
@Entity('role')
export class Role extends VersionedEntity {
  /** Unique within the tenant, whatever the case of its letters. */
  @Column({ type: 'text' })
  name!: string;

  /** Names from the catalogue. Empty for the owner's role, which has them all. */
  @Column({ type: 'text', array: true })
  permissions: string[] = [];

  /** The one role of the tenant that has every permission, those of later releases included. */
  @Column({ type: 'boolean', name: 'is_owner' })
  isOwner: boolean = false;

  /** What the role permits now. */
  get effectivePermissions(): readonly string[] {
    return this.isOwner ? PERMISSION_NAMES : this.permissions;
  }

  /** Replaces what the role says. @throws OwnerRoleProtected */
  redefine(name: string, permissions: readonly string[]): void {
    this.refuseIfOwner();
    this.name = name;
    this.permissions = normalized(permissions);
  }

  /** @throws OwnerRoleProtected */
  refuseIfOwner(): void {
    if (this.isOwner) throw new OwnerRoleProtected();
  }
}

/** Each once, in order, so that equal sets are equal rows. */
export function normalized(permissions: readonly string[]): string[] {
  return [...new Set(permissions)].sort();
}
