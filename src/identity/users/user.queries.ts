import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Role } from '../roles/role.entity.js';
import { Roles } from '../roles/roles.repository.js';
import type { User, UserStatus } from './user.entity.js';
import { Users } from './users.repository.js';

/** A user as others may see them: never the password's hash. */
export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly status: UserStatus;
  /** By name. */
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Reads of users. */
@Injectable()
export class UserQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly roles: Roles,
  ) {}

  /** @throws UserNotFound */
  async get(id: string): Promise<UserView> {
    return this.unitOfWork.read(async () => {
      const user = await this.users.get(id);
      return viewOf(user, (await this.roles.ofUsers([id])).get(id));
    });
  }

  /** Newest first. */
  async page(request: { limit: number; cursor?: string | undefined; status?: UserStatus }): Promise<Page<UserView>> {
    const { limit, cursor, status } = request;
    return this.unitOfWork.read(async () => {
      const page = await this.users.page({ limit, cursor, where: status === undefined ? {} : { status } });
      const roles = await this.roles.ofUsers(page.items.map((user) => user.id));
      return { ...page, items: page.items.map((user) => viewOf(user, roles.get(user.id))) };
    });
  }
}

/** What may be seen of a user. */
export function viewOf(user: User, roles: readonly Role[] = []): UserView {
  const { id, email, emailVerified, name, status, version, createdAt, updatedAt } = user;
  return { id, email, emailVerified, name, status, roles: roles.map(named), version, createdAt, updatedAt };
}

function named({ id, name }: Role): { id: string; name: string } {
  return { id, name };
}
