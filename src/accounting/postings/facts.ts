import { z } from 'zod';

const minor = z
  .string()
  .regex(/^-?\d+$/)
  .transform((value) => BigInt(value));
const businessDate = z.iso.date();

/** What `invoicing.invoice.issued` and `invoicing.credit_note.issued` tell; amounts are positive minor units. */
export const salesDocumentFacts = z.object({
  documentId: z.uuid(),
  number: z.string(),
  businessDate,
  netMinor: minor,
  taxMinor: minor,
  totalMinor: minor,
});
export type SalesDocumentFacts = z.output<typeof salesDocumentFacts>;

/** What `inventory.stock.moved` tells; the value is positive when stock grew. */
export const stockMovementFacts = z.object({
  documentType: z.enum(['opening', 'receipt', 'shipment', 'return', 'adjustment']),
  documentId: z.uuid(),
  businessDate,
  valueMinor: minor,
  reference: z.string().nullish(),
});
export type StockMovementFacts = z.output<typeof stockMovementFacts> & { readonly eventId: string };

/** What `payments.payment.captured` tells. */
export const paymentFacts = z.object({ paymentId: z.uuid(), businessDate, amountMinor: minor });
export type PaymentFacts = z.output<typeof paymentFacts>;

/** What `payments.refund.succeeded` tells. */
export const refundFacts = z.object({ refundId: z.uuid(), businessDate, amountMinor: minor });
export type RefundFacts = z.output<typeof refundFacts>;
