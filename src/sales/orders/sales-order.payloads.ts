import { z } from 'zod';

const whole = z.string().regex(/^-?\d+$/);

/** Payload of `sales.order.confirmed`. `totalMinor` is a string of minor units. */
export const salesOrderConfirmedPayload = z.object({
  orderId: z.guid(),
  customerId: z.guid(),
  warehouseId: z.guid(),
  currency: z.string(),
  totalMinor: whole,
});
export type SalesOrderConfirmedPayload = z.infer<typeof salesOrderConfirmedPayload>;

/** Payload of `sales.order.cancelled`: what was cancelled now. `full`: nothing of the order is left, nothing was shipped. */
export const salesOrderCancelledPayload = z.object({
  orderId: z.guid(),
  lines: z.array(z.object({ lineId: z.guid(), quantity: z.int().positive() })),
  full: z.boolean(),
});
export type SalesOrderCancelledPayload = z.infer<typeof salesOrderCancelledPayload>;
