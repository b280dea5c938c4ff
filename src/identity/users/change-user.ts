import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '#libs/auth';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requireVersion } from '#libs/kernel';
import { requirePassword } from '#erp/tenants';
import { AccessChanges } from '../access/access-changes.js';
import { RequestEmailedToken } from '../emailed-tokens/request-emailed-token.js';
import { requireAll } from '../roles/grant-rules.js';
import type { Role } from '../roles/role.entity.js';
import { Roles } from '../roles/roles.repository.js';
import { EndSessions } from '../sessions/end-sessions.js';
import type { User, UserStatus } from './user.entity.js';
import { LastOwner } from './user.errors.js';
import { type UserView, viewOf } from './user.queries.js';
import { Users } from './users.repository.js';

/** What is to be different; what is undefined stays. */
export interface UserChange {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly password?: string | undefined;
  readonly status?: UserStatus | undefined;
  readonly roleIds?: readonly string[] | undefined;
}

/** Changes a user. A new password or status ends all their sessions; new roles count from the next request on. */
@Injectable()
export class ChangeUser {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly roles: Roles,
    private readonly sessions: EndSessions,
    private readonly changes: AccessChanges,
    private readonly passwords: PasswordHasher,
    private readonly requestToken: RequestEmailedToken,
  ) {}

  /**
   * @param expectedVersion the version that the caller has seen; undefined accepts any
   * @throws UserNotFound, EmailTaken, RoleNotFound, PasswordTooShort, PermissionEscalation, LastOwner, PreconditionFailed
   */
  async execute(id: string, change: UserChange, expectedVersion: number | undefined): Promise<UserView> {
    const passwordHash = await this.hashOf(change.password);
    return this.unitOfWork.run(async () => {
      if (mayTakeAnOwner(change)) await this.roles.lockOwners();
      const user = await this.users.getForUpdate(id);
      requireVersion(user.version, expectedVersion);
      const roles = await this.changeRoles(user, change.roleIds);
      await this.users.update(Object.assign(user, definedOf(change), passwordHash && { passwordHash }));
      if (change.email !== undefined) await this.askToVerify(user);
      if (mayTakeAnOwner(change) && (await this.roles.countActiveOwners()) === 0) throw new LastOwner();
      if (change.status === 'disabled' || passwordHash) await this.sessions.allOf(id, 'user_changed');
      else await this.changes.ofUser(id);
      return viewOf(user, roles);
    });
  }

  private async askToVerify({ email, emailVerified }: User): Promise<void> {
    if (!emailVerified) await this.requestToken.execute('email_verification', email);
  }

  private async hashOf(password: string | undefined): Promise<string | undefined> {
    if (password === undefined) return undefined;
    requirePassword(password);
    return this.passwords.hash(password);
  }

  /** The actor must have all that the user has now and all that the user gets. */
  private async changeRoles(user: User, roleIds: readonly string[] | undefined): Promise<readonly Role[]> {
    const current = (await this.roles.ofUsers([user.id])).get(user.id) ?? [];
    const wanted = roleIds === undefined ? current : await this.roles.getAll(roleIds);
    const touched = [...current, ...wanted].flatMap((role) => role.effectivePermissions);
    requireAll(currentPrincipal(), touched);
    if (roleIds !== undefined) await this.roles.assign(user.id, roleIds);
    return wanted;
  }
}

function mayTakeAnOwner(change: UserChange): boolean {
  return change.roleIds !== undefined || change.status === 'disabled';
}

function definedOf({ email, name, status }: UserChange): Partial<User> {
  return { ...(email !== undefined && { email }), ...(name !== undefined && { name }), ...(status && { status }) };
}
