import { instantSchema, moneySchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { z } from 'zod';
import { PAYMENT_STATUSES } from '../payments/payment.entity.js';
import { REFUND_STATUSES } from '../refunds/refund.entity.js';

const movement = {
  id: uuid,
  provider: z.string(),
  providerRef: z.string().nullable().describe('The provider’s own id of it'),
  amount: moneySchema,
  failureCode: z.string().nullable().describe('Why the provider refused, e.g. `card_declined`'),
  createdAt: instantSchema,
  settledAt: instantSchema.nullable().describe('When it ended, well or not'),
};

/** A payment. */
export const paymentSchema = z
  .strictObject({
    ...movement,
    orderId: uuid,
    status: z.enum(PAYMENT_STATUSES).describe('`unknown`: the provider is being asked what became of it'),
    method: z.string(),
    captured: moneySchema,
    refunding: moneySchema.describe('In refunds that are under way'),
    refunded: moneySchema,
  })
  .meta({ id: 'Payment' });

/** A refund. */
export const refundSchema = z
  .strictObject({
    ...movement,
    paymentId: uuid,
    status: z.enum(REFUND_STATUSES).describe('`unknown`: the provider is being asked what became of it'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Refund' });

// Letters first: a card number is no token, and has no business here.
const method = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/)
  .describe('The provider’s token of a means of payment. Sandbox: `pm_ok`, `pm_declined` …');

const amount = moneySchema.describe('In the currency of the order, more than zero');

/** Body of `POST /v1/sales-orders/{id}/payments`. */
export const newPaymentSchema = z
  .strictObject({
    method,
    amount: amount.optional().describe('Default: all that is left to pay'),
    provider: z.string().min(1).max(40).default('sandbox'),
  })
  .meta({ id: 'NewPayment' });

/** Body of `POST /v1/payments/{id}/refunds`. */
export const newRefundSchema = z
  .strictObject({
    amount: amount.optional().describe('Default: all that is left to refund'),
    reason: text({ max: 200 }).optional(),
  })
  .meta({ id: 'NewRefund' });

export const paymentPageSchema = pageOf(paymentSchema);
export const refundPageSchema = pageOf(refundSchema);
export const listQuery = pageQuery({});
