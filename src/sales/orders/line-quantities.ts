/** What a line sells: goods are kept in stock, services are not. */
export type LineKind = 'goods' | 'service';

/**
 * The quantities of one order line, whole units. The database keeps
 * `0 ≤ reserved`, `reserved + shipped + cancelled ≤ ordered`, `credited ≤ invoiced ≤ ordered`, `returned ≤ shipped`.
 */
export interface LineQuantities {
  readonly kind: LineKind;
  readonly ordered: number;
  /** Held for this line in its warehouse, not yet shipped. Always 0 for services. */
  readonly reserved: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly invoiced: number;
  readonly credited: number;
  /** Shipped and come back. */
  readonly returned: number;
}

/** What is still to be shipped: neither shipped nor cancelled. */
export function openQuantity(line: LineQuantities): number {
  return line.ordered - line.shipped - line.cancelled;
}

/** What still waits for stock: the backorder of a line of goods; 0 for services. */
export function unreservedQuantity(line: LineQuantities): number {
  return line.kind === 'goods' ? openQuantity(line) - line.reserved : 0;
}
