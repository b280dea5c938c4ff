import { Controller, Delete, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
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
import { CUSTOMER_WRITE } from '../customers.permissions.js';
import { ArchiveCustomer } from '../archive-customer.js';
import { CustomerNotFound } from '../customer.errors.js';
import { RestoreCustomer } from '../restore-customer.js';
import { customerSchema, presentCustomer } from './customer.schemas.js';

/** Closing customers, which is what becomes of them instead of being deleted: old documents name them. */
@ApiTags('Customers')
@Controller({ path: 'customers/:id/archival', version: '1' })
@Refuses(CustomerNotFound, PreconditionFailed, ConcurrentModification)
export class CustomerArchivalController {
  constructor(
    private readonly archiveCustomer: ArchiveCustomer,
    private readonly restoreCustomer: RestoreCustomer,
  ) {}

  /** Lets the customer order no more. Again, it changes nothing. */
  @Post()
  @RequiresPermission(CUSTOMER_WRITE)
  @Answers(200, customerSchema)
  async archive(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const customer = await this.archiveCustomer.execute(id, (seen) => requireVersion(seen.version, expected));
    setETag(reply, customer.version);
    return presentCustomer(customer);
  }

  /** Lets the customer order again. */
  @Delete()
  @RequiresPermission(CUSTOMER_WRITE)
  @Answers(200, customerSchema)
  async restore(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const customer = await this.restoreCustomer.execute(id, (seen) => requireVersion(seen.version, expected));
    setETag(reply, customer.version);
    return presentCustomer(customer);
  }
}
