import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Answers, IdParam, Refuses, RequiresPermission, setETag } from '#libs/http';
import { CancelSalesOrder } from '../cancel-sales-order.js';
import { ConfirmSalesOrder } from '../confirm-sales-order.js';
import { ORDER_PARTY_ERRORS } from '../order-parties.errors.js';
import {
  SalesOrderLineNotFound,
  SalesOrderLineRepeated,
  SalesOrderNotCancellable,
  SalesOrderNotConfirmable,
  SalesOrderNotFound,
  SalesOrderQuantityExceeded,
  SalesOrderTotalNegative,
} from '../sales-order.errors.js';
import { SalesOrderQueries } from '../sales-order.queries.js';
import { presentOrder } from './sales-order.presenters.js';
import { cancellationSchema, salesOrderSchema } from './sales-order.schemas.js';

/** Confirmation and cancellation of orders. */
@ApiTags('Sales orders')
@Controller({ path: 'sales-orders/:id', version: '1' })
export class SalesOrderStepsController {
  constructor(
    private readonly queries: SalesOrderQueries,
    private readonly confirmSalesOrder: ConfirmSalesOrder,
    private readonly cancelSalesOrder: CancelSalesOrder,
  ) {}

  /** Makes a draft binding; stock, invoice and mail follow on their own. */
  @Post('confirmation')
  @RequiresPermission('sales.order.confirm')
  @Answers(200, salesOrderSchema)
  @Refuses(SalesOrderNotFound, SalesOrderNotConfirmable, ...ORDER_PARTY_ERRORS)
  async confirm(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.confirmSalesOrder.execute(id);
    return this.present(id, reply);
  }

  /** Cancels all that is neither shipped nor cancelled, or the quantities named. */
  @Post('cancellation')
  @RequiresPermission('sales.order.cancel')
  @Answers(200, salesOrderSchema)
  @Refuses(
    SalesOrderNotFound,
    SalesOrderNotCancellable,
    SalesOrderQuantityExceeded,
    SalesOrderLineNotFound,
    SalesOrderLineRepeated,
    SalesOrderTotalNegative,
  )
  async cancel(
    @IdParam() id: string,
    @Body({ schema: cancellationSchema }) body: z.output<typeof cancellationSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.cancelSalesOrder.execute({ orderId: id, lines: body.lines });
    return this.present(id, reply);
  }

  private async present(id: string, reply: FastifyReply) {
    const order = await this.queries.get(id);
    setETag(reply, order.version);
    return presentOrder(order);
  }
}
