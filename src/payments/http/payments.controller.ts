import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Answers, IdParam, Refuses, RequiresIdempotencyKey, RequiresPermission } from '#libs/http';
import { CurrencyMismatch, InvalidCursor, InvalidMoney, Money, MoneyOutOfRange, UnknownCurrency } from '#libs/kernel';
import {
  PaymentAmountInvalid,
  PaymentNotFound,
  PaymentNotRefundable,
  RefundExceedsPayment,
} from '../payments/payment.errors.js';
import { PaymentQueries } from '../payments/payment.queries.js';
import { RefundQueries } from '../refunds/refund.queries.js';
import { RequestRefund } from '../refunds/request-refund.js';
import { presentPayment, presentRefund } from './payments.presenters.js';
import { listQuery, newRefundSchema, paymentSchema, refundPageSchema, refundSchema } from './payments.schemas.js';

/** Payments and what is given back of them. */
@ApiTags('Payments')
@Controller({ path: 'payments/:id', version: '1' })
export class PaymentsController {
  constructor(
    private readonly queries: PaymentQueries,
    private readonly refundQueries: RefundQueries,
    private readonly requestRefund: RequestRefund,
  ) {}

  /** A payment. */
  @Get()
  @RequiresPermission('payment.read')
  @Answers(200, paymentSchema)
  @Refuses(PaymentNotFound)
  async get(@IdParam() id: string) {
    return presentPayment(await this.queries.get(id));
  }

  /** The refunds of a payment, newest first. */
  @Get('refunds')
  @RequiresPermission('payment.read')
  @Answers(200, refundPageSchema)
  @Refuses(PaymentNotFound, InvalidCursor)
  async refunds(@IdParam() id: string, @Query({ schema: listQuery }) query: z.output<typeof listQuery>) {
    const page = await this.refundQueries.pageOfPayment(id, query.limit, query.cursor);
    return { items: page.items.map(presentRefund), nextCursor: page.nextCursor };
  }

  /** Gives money back. The answer is `pending`; list the refunds to see what the provider says. */
  @Post('refunds')
  @RequiresPermission('payment.refund')
  @RequiresIdempotencyKey()
  @Answers(201, refundSchema)
  @Refuses(
    PaymentNotFound,
    PaymentNotRefundable,
    RefundExceedsPayment,
    PaymentAmountInvalid,
    CurrencyMismatch,
    InvalidMoney,
    MoneyOutOfRange,
    UnknownCurrency,
  )
  async refund(
    @IdParam() paymentId: string,
    @Body({ schema: newRefundSchema }) body: z.output<typeof newRefundSchema>,
  ) {
    const amount = body.amount && Money.fromJSON(body.amount);
    return presentRefund(await this.requestRefund.execute({ paymentId, amount, reason: body.reason }));
  }
}
