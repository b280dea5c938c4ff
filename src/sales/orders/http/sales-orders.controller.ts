import { Body, Controller, Get, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { PermissionDenied } from '#libs/auth';
import { currentPrincipal } from '#libs/context';
import { ConcurrentModification } from '#libs/database';
import {
  Answers,
  IdParam,
  IfMatch,
  PreconditionFailed,
  Refuses,
  RequiresIdempotencyKey,
  RequiresPermission,
  setETag,
} from '#libs/http';
import {
  CurrencyMismatch,
  InvalidCursor,
  InvalidMoney,
  InvalidQuantity,
  InvalidTaxRate,
  MoneyOutOfRange,
  UnknownCurrency,
} from '#libs/kernel';
import { ORDER_PARTY_ERRORS, SalesOrderLineIncomplete, SalesOrderPriceNegative } from '../order-parties.errors.js';
import { PlaceSalesOrder } from '../place-sales-order.js';
import {
  SalesOrderExternalRefTaken,
  SalesOrderLineCount,
  SalesOrderNotEditable,
  SalesOrderNotFound,
  SalesOrderTotalNegative,
} from '../sales-order.errors.js';
import { SalesOrderQueries } from '../sales-order.queries.js';
import { UpdateDraftOrder } from '../update-draft-order.js';
import { presentOrder, presentSummary } from './sales-order.presenters.js';
import { newLines } from './sales-order.requests.js';
import {
  newSalesOrderSchema,
  salesOrderChangesSchema,
  salesOrderListQuery,
  salesOrderPageSchema,
  salesOrderSchema,
} from './sales-order.schemas.js';

const CONFIRM = 'sales.order.confirm';

const PRICING_ERRORS = [
  CurrencyMismatch,
  InvalidMoney,
  InvalidQuantity,
  InvalidTaxRate,
  MoneyOutOfRange,
  UnknownCurrency,
  SalesOrderLineCount,
  SalesOrderLineIncomplete,
  SalesOrderPriceNegative,
  SalesOrderTotalNegative,
  SalesOrderExternalRefTaken,
] as const;

/** Orders of customers. */
@ApiTags('Sales orders')
@Controller({ path: 'sales-orders', version: '1' })
export class SalesOrdersController {
  constructor(
    private readonly queries: SalesOrderQueries,
    private readonly placeSalesOrder: PlaceSalesOrder,
    private readonly updateDraftOrder: UpdateDraftOrder,
  ) {}

  /** Orders, newest first. */
  @Get()
  @RequiresPermission('sales.order.read')
  @Answers(200, salesOrderPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: salesOrderListQuery }) query: z.output<typeof salesOrderListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.page(filter, { limit, cursor });
    return { items: page.items.map(presentSummary), nextCursor: page.nextCursor };
  }

  /** An order with its lines. */
  @Get(':id')
  @RequiresPermission('sales.order.read')
  @Answers(200, salesOrderSchema)
  @Refuses(SalesOrderNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const order = await this.queries.get(id);
    setETag(reply, order.version);
    return presentOrder(order);
  }

  /** Places an order; with `confirm` (permission `sales.order.confirm`) it is confirmed and stock reserved at once. */
  @Post()
  @RequiresPermission('sales.order.write')
  @RequiresIdempotencyKey()
  @Answers(201, salesOrderSchema)
  @Refuses(...PRICING_ERRORS, ...ORDER_PARTY_ERRORS)
  async post(
    @Body({ schema: newSalesOrderSchema }) body: z.output<typeof newSalesOrderSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (body.confirm && !currentPrincipal().permissions.has(CONFIRM)) throw new PermissionDenied([CONFIRM]);
    const { id } = await this.placeSalesOrder.execute({ ...body, lines: newLines(body.lines) });
    reply.header('Location', `/v1/sales-orders/${id}`);
    return this.get(id, reply);
  }

  /** Changes a draft. */
  @Patch(':id')
  @RequiresPermission('sales.order.write')
  @Answers(200, salesOrderSchema)
  @Refuses(
    SalesOrderNotFound,
    SalesOrderNotEditable,
    PreconditionFailed,
    ConcurrentModification,
    ...PRICING_ERRORS,
    ...ORDER_PARTY_ERRORS,
  )
  async patch(
    @IdParam() id: string,
    @Body({ schema: salesOrderChangesSchema }) body: z.output<typeof salesOrderChangesSchema>,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changes = { ...body, lines: body.lines && newLines(body.lines) };
    await this.updateDraftOrder.execute(id, changes, expectedVersion);
    return this.get(id, reply);
  }
}
