import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { SalesOrderNotFound } from '#erp/sales';
import { Answers, IdParam, Refuses, RequiresIdempotencyKey, RequiresPermission } from '#libs/http';
import { CurrencyMismatch, InvalidCursor, InvalidMoney, Money, MoneyOutOfRange, UnknownCurrency } from '#libs/kernel';
import { OrderNotPayable, PaymentAmountInvalid, PaymentExceedsOrder } from '../payments/payment.errors.js';
import { PaymentQueries } from '../payments/payment.queries.js';
import { RequestPayment } from '../payments/request-payment.js';
import { PaymentProviderUnknown } from '../provider/provider.errors.js';
import { presentPayment } from './payments.presenters.js';
import { listQuery, newPaymentSchema, paymentPageSchema, paymentSchema } from './payments.schemas.js';

/** What customers pay for an order. */
@ApiTags('Payments')
@Controller({ path: 'sales-orders/:id/payments', version: '1' })
export class OrderPaymentsController {
  constructor(
    private readonly queries: PaymentQueries,
    private readonly requestPayment: RequestPayment,
  ) {}

  /** The payments of an order, newest first. */
  @Get()
  @RequiresPermission('payment.read')
  @Answers(200, paymentPageSchema)
  @Refuses(SalesOrderNotFound, InvalidCursor)
  async list(@IdParam() id: string, @Query({ schema: listQuery }) query: z.output<typeof listQuery>) {
    const page = await this.queries.pageOfOrder(id, query.limit, query.cursor);
    return { items: page.items.map(presentPayment), nextCursor: page.nextCursor };
  }

  /** Takes a payment. The answer is `pending`; read the payment to see what the provider says. */
  @Post()
  @RequiresPermission('payment.write')
  @RequiresIdempotencyKey()
  @Answers(201, paymentSchema)
  @Refuses(
    SalesOrderNotFound,
    OrderNotPayable,
    PaymentExceedsOrder,
    PaymentAmountInvalid,
    PaymentProviderUnknown,
    CurrencyMismatch,
    InvalidMoney,
    MoneyOutOfRange,
    UnknownCurrency,
  )
  async post(
    @IdParam() orderId: string,
    @Body({ schema: newPaymentSchema }) body: z.output<typeof newPaymentSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const amount = body.amount && Money.fromJSON(body.amount);
    const payment = await this.requestPayment.execute({ ...body, orderId, amount });
    reply.header('Location', `/v1/payments/${payment.id}`);
    return presentPayment(payment);
  }
}
