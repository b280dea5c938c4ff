import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requireVersion } from '#libs/kernel';
import { AccessChanges } from '../access/access-changes.js';
import type { RoleDefinition } from './add-role.js';
import { requireAll, requireKnown } from './grant-rules.js';
import { type RoleView, roleViewOf } from './role.queries.js';
import { Roles } from './roles.repository.js';

/** Replaces a role's name and permissions. Whoever has the role is permitted the new ones from the next request on. */
@Injectable()
export class ChangeRole {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly roles: Roles,
    private readonly changes: AccessChanges,
  ) {}

  /**
   * @param expectedVersion the version that the caller has seen; undefined accepts any
   * @throws RoleNotFound, OwnerRoleProtected, PermissionUnknown, PermissionEscalation, RoleNameTaken, PreconditionFailed
   */
  async execute(id: string, definition: RoleDefinition, expectedVersion: number | undefined): Promise<RoleView> {
    const { name, permissions } = definition;
    requireKnown(permissions);
    return this.unitOfWork.run(async () => {
      const role = await this.roles.getForUpdate(id);
      requireVersion(role.version, expectedVersion);
      requireAll(currentPrincipal(), [...role.effectivePermissions, ...permissions]);
      role.redefine(name, permissions);
      await this.roles.update(role);
      await this.changes.ofEverybody();
      return roleViewOf(role);
    });
  }
}
