import { Money } from '#libs/kernel';
import type { z } from 'zod';
import type { ProviderMovement } from '../movements/provider-movement.entity.js';
import type { Payment } from '../payments/payment.entity.js';
import type { Refund } from '../refunds/refund.entity.js';
import type { paymentSchema, refundSchema } from './payments.schemas.js';

/** A payment as the API shows it. */
export function presentPayment(payment: Payment): z.input<typeof paymentSchema> {
  const { orderId, status, method, currency } = payment;
  return {
    ...movement(payment),
    orderId,
    status,
    method,
    captured: money(payment.capturedMinor, currency),
    refunding: money(payment.refundingMinor, currency),
    refunded: money(payment.refundedMinor, currency),
  };
}

/** A refund as the API shows it. */
export function presentRefund(refund: Refund): z.input<typeof refundSchema> {
  const { paymentId, status, reason } = refund;
  return { ...movement(refund), paymentId, status, reason };
}

function movement({ id, provider, providerRef, amountMinor, currency, failureCode, ...at }: ProviderMovement) {
  return {
    id,
    provider,
    providerRef,
    amount: money(amountMinor, currency),
    failureCode,
    createdAt: at.createdAt.toISOString(),
    settledAt: at.settledAt?.toISOString() ?? null,
  };
}

function money(minor: bigint, currency: string) {
  return Money.of(minor, currency).toJSON();
}
