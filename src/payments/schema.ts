import type { CapabilitySchema } from '#libs/database';
import { Payments1763600700000 } from './migrations/1763600700000-payments.js';
import { Payment } from './payments/payment.entity.js';
import { Refund } from './refunds/refund.entity.js';
import { ProviderEvent } from './webhooks/provider-event.entity.js';

/** Tables of payments. */
export const paymentsSchema: CapabilitySchema = {
  entities: [Payment, Refund, ProviderEvent],
  migrations: [Payments1763600700000],
};
