import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '#libs/auth';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requirePassword } from '#erp/tenants';
import { requireAll } from '../roles/grant-rules.js';
import { Roles } from '../roles/roles.repository.js';
import { User } from './user.entity.js';
import { type UserView, viewOf } from './user.queries.js';
import { Users } from './users.repository.js';

/** A person to let in. */
export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly roleIds: readonly string[];
}

/** Adds a user with their roles. */
@Injectable()
export class AddUser {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly roles: Roles,
    private readonly passwords: PasswordHasher,
  ) {}

  /** @throws EmailTaken, RoleNotFound, PermissionEscalation, PasswordTooShort */
  async execute({ email, name, password, roleIds }: NewUser): Promise<UserView> {
    requirePassword(password);
    // Outside the unit of work: hashing takes tens of milliseconds by design, and must not hold a connection.
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.run(async () => {
      const roles = await this.roles.getAll(roleIds);
      requireAll(
        currentPrincipal(),
        roles.flatMap((role) => role.effectivePermissions),
      );
      const user = Object.assign(new User(), { email, name, passwordHash });
      await this.users.insert(user);
      await this.roles.assign(user.id, roleIds);
      return viewOf(user, roles);
    });
  }
}
