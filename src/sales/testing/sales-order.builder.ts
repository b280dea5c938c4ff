import { SalesOrderLine } from '../orders/sales-order-line.entity.js';
import { SalesOrder } from '../orders/sales-order.entity.js';

const PRODUCT = '01900000-0000-7000-8000-0000000000aa';

/** A line of ten goods at 1.00 of which nothing happened yet. Give what matters to the test. */
export function orderLine(overrides: Partial<SalesOrderLine> = {}): SalesOrderLine {
  const line = new SalesOrderLine();
  const kind = overrides.kind ?? 'goods';
  return Object.assign(
    line,
    { lineNo: 1, kind, productId: kind === 'goods' ? PRODUCT : null, sku: 'MUG', name: 'Mug', ordered: 10 },
    { unitPriceE4: 10_000n, taxCode: 'standard', taxRatePpm: 200_000, amountMinor: 1_000n },
    overrides,
  );
}

/** A confirmed order, stock already asked for, of these lines. */
export function confirmedOrder(...lines: SalesOrderLine[]): SalesOrder {
  const at = new Date('2026-03-02T09:00:00Z');
  const order = draftOrder(...lines);
  order.confirm(at);
  order.recordReserved([], at);
  return order;
}

/** A draft of these lines. */
export function draftOrder(...lines: SalesOrderLine[]): SalesOrder {
  const order = Object.assign(new SalesOrder(), { number: 'SO-2026-000001', currency: 'GBP', priceMode: 'net' });
  for (const [index, line] of lines.entries()) Object.assign(line, { orderId: order.id, lineNo: index + 1 });
  order.lines = lines;
  return order;
}
