import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '#libs/auth';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requirePassword } from '#erp/tenants';
import { RequestEmailedToken } from '../emailed-tokens/request-emailed-token.js';
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

/** Adds a user with their roles, who is asked to verify their address. */
@Injectable()
export class AddUser {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly roles: Roles,
    private readonly passwords: PasswordHasher,
    private readonly requestToken: RequestEmailedToken,
  ) {}

  /** @throws EmailTaken, RoleNotFound, PermissionEscalation, PasswordTooShort, PasswordWidelyUsed */
  async execute({ email, name, password, roleIds }: NewUser): Promise<UserView> {
    requirePassword(password, [email, name]);
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
      await this.requestToken.execute('email_verification', email);
      return viewOf(user, roles);
    });
  }
}
