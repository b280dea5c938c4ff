import { Body, Controller, Delete, Get, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ConcurrentModification } from '#libs/database';
import { Answers, IdParam, IfMatch, PreconditionFailed, Refuses, RequiresPermission, setETag } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { AddRole } from '../add-role.js';
import { ChangeRole } from '../change-role.js';
import { RemoveRole } from '../remove-role.js';
import {
  OwnerRoleProtected,
  PermissionEscalation,
  PermissionUnknown,
  RoleInUse,
  RoleNameTaken,
  RoleNotFound,
} from '../role.errors.js';
import { RoleQueries, type RoleView } from '../role.queries.js';
import {
  presentRole,
  type RoleDefinitionBody,
  roleDefinitionSchema,
  type RoleListQuery,
  roleListQuery,
  rolePageSchema,
  roleSchema,
} from './roles.schemas.js';

/** Sets of permissions that users are given. */
@ApiTags('Roles')
@Controller({ path: 'roles', version: '1' })
export class RolesController {
  constructor(
    private readonly queries: RoleQueries,
    private readonly addRole: AddRole,
    private readonly changeRole: ChangeRole,
    private readonly removeRole: RemoveRole,
  ) {}

  /** All roles, newest first. */
  @Get()
  @RequiresPermission('role.read')
  @Answers(200, rolePageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: roleListQuery }) query: RoleListQuery) {
    const page = await this.queries.page(query);
    return { items: page.items.map(presentRole), nextCursor: page.nextCursor };
  }

  /** Adds a role. Nobody can put permissions into it that they do not have themselves. */
  @Post()
  @RequiresPermission('role.write')
  @Answers(201, roleSchema)
  @Refuses(RoleNameTaken, PermissionUnknown, PermissionEscalation)
  async add(
    @Body({ schema: roleDefinitionSchema }) body: RoleDefinitionBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const role = await this.addRole.execute(body);
    reply.header('Location', `/v1/roles/${role.id}`);
    return answer(role, reply);
  }

  /** One role. */
  @Get(':id')
  @RequiresPermission('role.read')
  @Answers(200, roleSchema)
  @Refuses(RoleNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return answer(await this.queries.get(id), reply);
  }

  /** Replaces name and permissions; whoever has the role feels it with the next request. */
  @Put(':id')
  @RequiresPermission('role.write')
  @Answers(200, roleSchema)
  @Refuses(
    RoleNotFound,
    OwnerRoleProtected,
    RoleNameTaken,
    PermissionUnknown,
    PermissionEscalation,
    PreconditionFailed,
    ConcurrentModification,
  )
  async replace(
    @IdParam() id: string,
    @Body({ schema: roleDefinitionSchema }) body: RoleDefinitionBody,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answer(await this.changeRole.execute(id, body, expectedVersion), reply);
  }

  /** Removes a role that no user has. */
  @Delete(':id')
  @RequiresPermission('role.write')
  @Answers(204)
  @Refuses(RoleNotFound, RoleInUse, OwnerRoleProtected, PermissionEscalation, PreconditionFailed)
  async remove(@IdParam() id: string, @IfMatch() expectedVersion: number | undefined): Promise<void> {
    await this.removeRole.execute(id, expectedVersion);
  }
}

function answer(role: RoleView, reply: FastifyReply) {
  setETag(reply, role.version);
  return presentRole(role);
}
