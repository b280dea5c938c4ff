import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requireVersion } from '#libs/kernel';
import { requireAll } from './grant-rules.js';
import { Roles } from './roles.repository.js';

/** Removes a role that nobody has. */
@Injectable()
export class RemoveRole {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly roles: Roles,
  ) {}

  /** @throws RoleNotFound, RoleInUse, OwnerRoleProtected, PermissionEscalation, PreconditionFailed */
  async execute(id: string, expectedVersion: number | undefined): Promise<void> {
    await this.unitOfWork.run(async () => {
      const role = await this.roles.getForUpdate(id);
      requireVersion(role.version, expectedVersion);
      role.refuseIfOwner();
      requireAll(currentPrincipal(), role.effectivePermissions);
      await this.roles.remove(role);
    });
  }
}
