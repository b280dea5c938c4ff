import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Role } from './role.entity.js';
import { Roles } from './roles.repository.js';

/** A role as others may see it. */
export interface RoleView {
  readonly id: string;
  readonly name: string;
  /** What it permits now; for the owner's role, everything. */
  readonly permissions: readonly string[];
  readonly isOwner: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Reads of roles. */
@Injectable()
export class RoleQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly roles: Roles,
  ) {}

  /** @throws RoleNotFound */
  async get(id: string): Promise<RoleView> {
    return this.unitOfWork.read(async () => roleViewOf(await this.roles.get(id)));
  }

  /** Newest first. */
  async page(request: { limit: number; cursor?: string | undefined }): Promise<Page<RoleView>> {
    return this.unitOfWork.read(async () => {
      const page = await this.roles.page(request);
      return { ...page, items: page.items.map(roleViewOf) };
    });
  }
}

/** What may be seen of a role. */
export function roleViewOf(role: Role): RoleView {
  const { id, name, isOwner, version, createdAt, updatedAt } = role;
  return { id, name, permissions: role.effectivePermissions, isOwner, version, createdAt, updatedAt };
}
