import { DomainError } from '#libs/kernel';

/** The tenant has no role with this id. */
export class RoleNotFound extends DomainError {
  static readonly code = 'role.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no role ${id}. List the roles to find the right one.`, { id });
  }
}

/** Another role of the tenant has this name. */
export class RoleNameTaken extends DomainError {
  static readonly code = 'role.name_taken';
  static readonly kind = 'conflict';
  constructor(name: string) {
    super('Another role of this tenant has this name. Use another one.', { name });
  }
}

/** Users still have the role. */
export class RoleInUse extends DomainError {
  static readonly code = 'role.in_use';
  static readonly kind = 'conflict';
  constructor(id: string) {
    super('Users still have this role. Take it from them first.', { id });
  }
}

/** The owner's role always has all permissions: it can be neither changed nor removed. */
export class OwnerRoleProtected extends DomainError {
  static readonly code = 'role.owner_protected';
  static readonly kind = 'conflict';
  constructor() {
    super('The owner’s role cannot be changed or removed. Make a role of your own instead.');
  }
}

/** Not a permission of the catalogue. */
export class PermissionUnknown extends DomainError {
  static readonly code = 'permission.unknown';
  static readonly kind = 'invalid';
  constructor(names: readonly string[]) {
    super('There are no such permissions. GET /v1/permissions lists those there are.', { permissions: [...names] });
  }
}

/** Somebody would give, or act on, more than they are permitted themselves. */
export class PermissionEscalation extends DomainError {
  static readonly code = 'permission.escalation';
  static readonly kind = 'forbidden';
  constructor(missing: readonly string[]) {
    super('This concerns permissions that you do not have yourself. Ask somebody who has them.', {
      missing: [...missing],
    });
  }
}
