import { Body, Controller, Get, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ConcurrentModification } from '#libs/database';
import {
  Answers,
  IdParam,
  IfMatch,
  PreconditionFailed,
  Refuses,
  RequiresPermission,
  requireVersion,
  setETag,
} from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { AccountCodeTaken, AccountInUseByRole, AccountNotFound } from '../accounts/account.errors.js';
import { AccountQueries } from '../accounts/account.queries.js';
import { ChangeAccount, CreateAccount } from '../accounts/manage-accounts.js';
import { presentAccount } from './accounting.presenters.js';
import {
  accountChangeSchema,
  accountListQuery,
  accountPageSchema,
  accountSchema,
  newAccountSchema,
} from './accounting.schemas.js';

/** The chart of accounts. */
@ApiTags('Accounting')
@Controller({ path: 'accounts', version: '1' })
export class AccountsController {
  constructor(
    private readonly queries: AccountQueries,
    private readonly createAccount: CreateAccount,
    private readonly changeAccount: ChangeAccount,
  ) {}

  @Get()
  @RequiresPermission('accounting.read')
  @Answers(200, accountPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: accountListQuery }) query: z.output<typeof accountListQuery>) {
    const page = await this.queries.page(query.limit, query.cursor);
    return { items: page.items.map(presentAccount), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @RequiresPermission('accounting.read')
  @Answers(200, accountSchema)
  @Refuses(AccountNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const account = await this.queries.get(id);
    setETag(reply, account.version);
    return presentAccount(account);
  }

  @Post()
  @RequiresPermission('accounting.write')
  @Answers(201, accountSchema)
  @Refuses(AccountCodeTaken)
  async create(
    @Body({ schema: newAccountSchema }) body: z.output<typeof newAccountSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const account = await this.createAccount.execute(body);
    setETag(reply, account.version);
    return presentAccount(account);
  }

  @Patch(':id')
  @RequiresPermission('accounting.write')
  @Answers(200, accountSchema)
  @Refuses(AccountNotFound, AccountCodeTaken, AccountInUseByRole, PreconditionFailed, ConcurrentModification)
  async change(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Body({ schema: accountChangeSchema }) body: z.output<typeof accountChangeSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const account = await this.changeAccount.execute(id, body, (current) => requireVersion(current.version, expected));
    setETag(reply, account.version);
    return presentAccount(account);
  }
}
