import { z } from 'zod';

/** What `inventory.stock.moved` says. `valueMinor` is signed: what the value of the stock grew by. */
export const stockMovedPayload = z.strictObject({
  documentType: z.enum(['receipt', 'adjustment', 'shipment', 'return', 'opening']),
  documentId: z.uuid(),
  businessDate: z.iso.date(),
  currency: z.string().length(3),
  valueMinor: z.string().regex(/^-?\d+$/),
  reference: z.string().nullable(),
});

export type StockMovedPayload = z.infer<typeof stockMovedPayload>;
