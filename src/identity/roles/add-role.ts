import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requireAll, requireKnown } from './grant-rules.js';
import { Role } from './role.entity.js';
import { type RoleView, roleViewOf } from './role.queries.js';
import { Roles } from './roles.repository.js';

/** What a role says. */
export interface RoleDefinition {
  readonly name: string;
  readonly permissions: readonly string[];
}

/** Adds a role of the tenant's own. */
@Injectable()
export class AddRole {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly roles: Roles,
  ) {}

  /** @throws PermissionUnknown, PermissionEscalation, RoleNameTaken */
  async execute({ name, permissions }: RoleDefinition): Promise<RoleView> {
    requireKnown(permissions);
    requireAll(currentPrincipal(), permissions);
    return this.unitOfWork.run(async () => {
      const role = new Role();
      role.redefine(name, permissions);
      await this.roles.insert(role);
      return roleViewOf(role);
    });
  }
}
