import { z } from 'zod';
import type { ProviderAnswer } from '../payment-provider.js';

const minor = z.int().min(0).transform(BigInt);

/** What both kinds of object bear; fields that the provider adds one day do not matter. */
const head = {
  id: z.string().min(1).max(200),
  currency: z.string(),
  reference: z.string(),
  metadata: z.record(z.string(), z.string()).default({}),
};

/** A charge of the sandbox. */
export const chargeObject = z.object({
  ...head,
  object: z.literal('charge'),
  status: z.enum(['authorized', 'pending', 'succeeded', 'failed']),
  amountCaptured: minor,
  failureCode: z.string().nullable(),
});

/** A refund of the sandbox. */
export const refundObject = z.object({
  ...head,
  object: z.literal('refund'),
  status: z.literal('succeeded'),
  amount: minor,
});

/** `{items}` of a search by reference. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

/** Refusals. */
export const errorObject = z.object({ error: z.object({ code: z.string().min(1).max(100) }) });

/** A webhook; the object is read by its type afterwards. */
export const webhookObject = z.object({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(100),
  data: z.object({ object: z.unknown() }),
});

/** What a charge says. We charge at once, so one that is merely authorised is on its way. */
export function answerOfCharge(charge: z.output<typeof chargeObject>): ProviderAnswer {
  const { id: providerRef, status, amountCaptured, currency, failureCode } = charge;
  if (status === 'succeeded') return { status: 'done', providerRef, amountMinor: amountCaptured, currency };
  if (status === 'failed') return { status: 'refused', failureCode: failureCode ?? 'failed', providerRef };
  return { status: 'pending', providerRef };
}

/** What a refund says. */
export function answerOfRefund(refund: z.output<typeof refundObject>): ProviderAnswer {
  return { status: 'done', providerRef: refund.id, amountMinor: refund.amount, currency: refund.currency };
}
