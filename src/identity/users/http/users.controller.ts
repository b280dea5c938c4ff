import { Body, Controller, Get, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PasswordWidelyUsed, PasswordTooShort } from '#erp/tenants';
import { PasswordChecksBusy } from '#libs/auth';
import { ConcurrentModification } from '#libs/database';
import { Answers, IdParam, IfMatch, PreconditionFailed, Refuses, RequiresPermission, setETag } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { PermissionEscalation, RoleNotFound } from '../../roles/role.errors.js';
import { AddUser } from '../add-user.js';
import { ChangeUser } from '../change-user.js';
import { EmailTaken, LastOwner, UserNotFound } from '../user.errors.js';
import { UserQueries, type UserView } from '../user.queries.js';
import {
  type NewUserBody,
  newUserSchema,
  presentUser,
  type UserChangeBody,
  userChangeSchema,
  type UserListQuery,
  userListQuery,
  userPageSchema,
  userSchema,
} from './users.schemas.js';

/** The people of the tenant. They are disabled rather than deleted. */
@ApiTags('Users')
@Controller({ path: 'users', version: '1' })
export class UsersController {
  constructor(
    private readonly queries: UserQueries,
    private readonly addUser: AddUser,
    private readonly changeUser: ChangeUser,
  ) {}

  /** All users, newest first. */
  @Get()
  @RequiresPermission('user.read')
  @Answers(200, userPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: userListQuery }) query: UserListQuery) {
    const page = await this.queries.page(query);
    return { items: page.items.map(presentUser), nextCursor: page.nextCursor };
  }

  /** Adds somebody. Nobody can give roles that permit more than they may themselves. */
  @Post()
  @RequiresPermission('user.write')
  @Answers(201, userSchema)
  @Refuses(EmailTaken, RoleNotFound, PermissionEscalation, PasswordTooShort, PasswordWidelyUsed, PasswordChecksBusy)
  async add(@Body({ schema: newUserSchema }) body: NewUserBody, @Res({ passthrough: true }) reply: FastifyReply) {
    const user = await this.addUser.execute(body);
    reply.header('Location', `/v1/users/${user.id}`);
    return answer(user, reply);
  }

  /** One user. */
  @Get(':id')
  @RequiresPermission('user.read')
  @Answers(200, userSchema)
  @Refuses(UserNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return answer(await this.queries.get(id), reply);
  }

  /** Changes what is named. A new password, or disabling, ends all sessions of the user at once. */
  @Patch(':id')
  @RequiresPermission('user.write')
  @Answers(200, userSchema)
  @Refuses(
    UserNotFound,
    EmailTaken,
    RoleNotFound,
    PermissionEscalation,
    LastOwner,
    PasswordTooShort,
    PasswordWidelyUsed,
    PasswordChecksBusy,
    PreconditionFailed,
    ConcurrentModification,
  )
  async change(
    @IdParam() id: string,
    @Body({ schema: userChangeSchema }) body: UserChangeBody,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answer(await this.changeUser.execute(id, body, expectedVersion), reply);
  }
}

function answer(user: UserView, reply: FastifyReply) {
  setETag(reply, user.version);
  return presentUser(user);
}
