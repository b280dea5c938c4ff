import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { Role } from './role.entity.js';
import { RoleInUse, RoleNameTaken, RoleNotFound } from './role.errors.js';

/** Which user has which role. */
export interface RoleOfUser {
  readonly userId: string;
  readonly role: Role;
}

/** Roles, and who has them. */
@Injectable()
export class Roles extends TenantRepository<Role> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Role, RoleNotFound);
  }

  /** @throws RoleNameTaken */
  override async insert(entities: Role | readonly Role[]): Promise<void> {
    await super.insert(entities).catch((error: unknown) => refuseTakenName(error, entities));
  }

  /** @throws RoleNameTaken, ConcurrentModification */
  override async update(entities: Role | readonly Role[]): Promise<void> {
    await super.update(entities).catch((error: unknown) => refuseTakenName(error, entities));
  }

  /** @throws RoleInUse, ConcurrentModification */
  override async remove(role: Role): Promise<void> {
    await super.remove(role).catch((error: unknown) => {
      if (violatedConstraint(error) === 'user_role_role_fkey') throw new RoleInUse(role.id);
      throw error;
    });
  }

  /** All of them, in the given order. @throws RoleNotFound naming the first that is not there */
  async getAll(ids: readonly string[]): Promise<Role[]> {
    const found = new Map((await this.findByIds(ids)).map((role) => [role.id, role]));
    return [...new Set(ids)].map((id) => {
      const role = found.get(id);
      if (!role) throw new RoleNotFound(id);
      return role;
    });
  }

  /** The roles of each of these users, by name, in two statements. */
  async ofUsers(userIds: readonly string[]): Promise<Map<string, Role[]>> {
    const links = await this.unitOfWork.query<{ user_id: string; role_id: string }>(
      'select user_id, role_id from user_role where user_id = any($1::uuid[])',
      [userIds],
    );
    const roles = new Map((await this.findByIds(links.map((link) => link.role_id))).map((role) => [role.id, role]));
    const ofUsers = new Map<string, Role[]>(userIds.map((id) => [id, []]));
    for (const { user_id: userId, role_id: roleId } of links) {
      const role = roles.get(roleId);
      if (role) ofUsers.get(userId)?.push(role);
    }
    for (const list of ofUsers.values()) list.sort((a, b) => a.name.localeCompare(b.name));
    return ofUsers;
  }

  /** Gives a user exactly these roles. */
  async assign(userId: string, roleIds: readonly string[]): Promise<void> {
    await this.unitOfWork.execute('delete from user_role where user_id = $1 and role_id <> all($2::uuid[])', [
      userId,
      roleIds,
    ]);
    await this.unitOfWork.execute(
      `insert into user_role (tenant_id, id, user_id, role_id)
       select u.tenant_id, gen_random_uuid(), u.id, r.id from app_user u, role r
       where u.id = $1 and r.tenant_id = u.tenant_id and r.id = any($2::uuid[])
       on conflict (tenant_id, user_id, role_id) do nothing`,
      [userId, roleIds],
    );
  }

  /** Whoever may take an owner away waits here for the others, so that no two take each other's. */
  async lockOwners(): Promise<void> {
    await this.unitOfWork.execute('select from role where is_owner for update');
  }

  /** Users who are active and have the owner's role. */
  async countActiveOwners(): Promise<number> {
    const [row] = await this.unitOfWork.query<{ owners: number }>(
      `select count(*)::integer as owners from user_role l
       join role r on r.tenant_id = l.tenant_id and r.id = l.role_id and r.is_owner
       join app_user u on u.tenant_id = l.tenant_id and u.id = l.user_id and u.status = 'active'`,
    );
    return row?.owners ?? 0;
  }
}

function refuseTakenName(error: unknown, entities: Role | readonly Role[]): never {
  if (violatedConstraint(error) === 'role_name_key') {
    throw new RoleNameTaken(entities instanceof Role ? entities.name : entities.map((role) => role.name).join(', '));
  }
  throw error;
}
