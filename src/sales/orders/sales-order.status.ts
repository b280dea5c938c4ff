import { type LineQuantities, openQuantity, unreservedQuantity } from './line-quantities.js';

/** The statuses of a sales order, in the order of an ordinary life. */
export const SALES_ORDER_STATUSES = [
  'draft',
  'confirmed',
  'backordered',
  'reserved',
  'partly_shipped',
  'shipped',
  'completed',
  'cancelled',
] as const;

/** Where a sales order stands. It is derived, never set. */
export type SalesOrderStatus = (typeof SALES_ORDER_STATUSES)[number];

/** All that the status depends on. */
export interface OrderProgress {
  readonly confirmed: boolean;
  /** Stock was asked for at least once since the confirmation. */
  readonly reservationAttempted: boolean;
  readonly lines: readonly LineQuantities[];
}

/**
 * The status of an order, by the first sentence that is true (issue 2 §5):
 * - every line is cancelled in full: `cancelled`
 * - not confirmed: `draft`
 * - nothing is open: `completed` if all that was delivered was billed, and no more is owed than for what the customer
 *   kept, else `shipped`. Less may be owed: a goodwill credit does not undo a completed order
 * - something was shipped: `partly_shipped`
 * - all open goods are reserved (an order of services alone waits for none): `reserved`
 * - stock was asked for and did not suffice: `backordered`
 * - else `confirmed`
 */
export function deriveStatus(order: OrderProgress): SalesOrderStatus {
  const { lines } = order;
  if (lines.length > 0 && lines.every((line) => line.cancelled === line.ordered)) return 'cancelled';
  if (!order.confirmed) return 'draft';
  if (lines.every((line) => openQuantity(line) === 0)) return lines.every(isSettled) ? 'completed' : 'shipped';
  if (lines.some((line) => line.shipped > 0)) return 'partly_shipped';
  if (lines.every((line) => unreservedQuantity(line) === 0)) return 'reserved';
  return order.reservationAttempted ? 'backordered' : 'confirmed';
}

function isSettled(line: LineQuantities): boolean {
  const delivered = line.ordered - line.cancelled;
  return line.invoiced >= delivered && line.invoiced - line.credited <= delivered - line.returned;
}
