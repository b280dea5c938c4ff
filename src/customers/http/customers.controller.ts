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
  SearchLimit,
  setETag,
} from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { CreateCustomers } from '../create-customers.js';
import { CustomerExternalRefTaken, CustomerNotFound } from '../customer.errors.js';
import { CustomerQueries } from '../customer.queries.js';
import { CUSTOMER_READ, CUSTOMER_WRITE } from '../customers.permissions.js';
import { UpdateCustomer } from '../update-customer.js';
import {
  customerChangesSchema,
  customerListQuery,
  customerPageSchema,
  customerSchema,
  newCustomerSchema,
  presentCustomer,
} from './customer.schemas.js';

/** Who buys. */
@ApiTags('Customers')
@Controller({ path: 'customers', version: '1' })
export class CustomersController {
  constructor(
    private readonly queries: CustomerQueries,
    private readonly createCustomers: CreateCustomers,
    private readonly updateCustomer: UpdateCustomer,
  ) {}

  /** Customers, newest first. */
  @Get()
  @RequiresPermission(CUSTOMER_READ)
  @SearchLimit('q')
  @Answers(200, customerPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: customerListQuery }) query: z.output<typeof customerListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.page(filter, limit, cursor);
    return { items: page.items.map(presentCustomer), nextCursor: page.nextCursor };
  }

  /** One customer. */
  @Get(':id')
  @RequiresPermission(CUSTOMER_READ)
  @Answers(200, customerSchema)
  @Refuses(CustomerNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const customer = await this.queries.get(id);
    setETag(reply, customer.version);
    return presentCustomer(customer);
  }

  /** Creates a customer and gives it the next number. */
  @Post()
  @RequiresPermission(CUSTOMER_WRITE)
  @Answers(201, customerSchema)
  @Refuses(CustomerExternalRefTaken)
  async create(
    @Body({ schema: newCustomerSchema }) body: z.output<typeof newCustomerSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const customer = await this.createCustomers.one(body);
    reply.header('Location', `/v1/customers/${customer.id}`);
    setETag(reply, customer.version);
    return presentCustomer(customer);
  }

  /** Changes a customer; documents keep what they copied. */
  @Patch(':id')
  @RequiresPermission(CUSTOMER_WRITE)
  @Answers(200, customerSchema)
  @Refuses(CustomerNotFound, CustomerExternalRefTaken, PreconditionFailed, ConcurrentModification)
  async change(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Body({ schema: customerChangesSchema }) body: z.output<typeof customerChangesSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const customer = await this.updateCustomer.execute(id, body, (seen) => requireVersion(seen.version, expected));
    setETag(reply, customer.version);
    return presentCustomer(customer);
  }
}
