import { documentTotals, UnitPrice } from '#libs/kernel';
import type { SalesOrderDetails } from '#erp/sales';

/**
 * What a customer owes for an order when everything is delivered: its total, without what was cancelled. Minor units,
 * never below zero.
 */
export function payableMinor(
  order: Pick<SalesOrderDetails, 'currency' | 'priceMode' | 'totalMinor' | 'lines'>,
): bigint {
  if (order.lines.every((line) => line.cancelled === 0)) return order.totalMinor;
  const { totalMinor } = documentTotals({
    currency: order.currency,
    mode: order.priceMode,
    lines: order.lines
      .filter((line) => line.ordered > line.cancelled)
      .map((line) => ({
        quantity: line.ordered - line.cancelled,
        unitPrice: UnitPrice.of(line.unitPriceE4, order.currency),
        taxCode: line.taxCode,
        ratePpm: line.taxRatePpm,
      })),
  });
  if (totalMinor < 0n) return 0n;
  return totalMinor < order.totalMinor ? totalMinor : order.totalMinor;
}
