import { documentTotals, UnitPrice } from '#libs/kernel';
import type { SalesOrderDetails, SalesOrderLineDetails } from '#erp/sales';

/**
 * What a customer owes for an order when everything is delivered: its total, without what was cancelled or credited.
 * Minor units, never below zero.
 */
export function payableMinor(
  order: Pick<SalesOrderDetails, 'currency' | 'priceMode' | 'totalMinor' | 'lines'>,
): bigint {
  if (order.lines.every((line) => owedQuantity(line) === line.ordered)) return order.totalMinor;
  const { totalMinor } = documentTotals({
    currency: order.currency,
    mode: order.priceMode,
    lines: order.lines.flatMap((line) => {
      const quantity = owedQuantity(line);
      const unitPrice = UnitPrice.of(line.unitPriceE4, order.currency);
      return quantity > 0 ? [{ quantity, unitPrice, taxCode: line.taxCode, ratePpm: line.taxRatePpm }] : [];
    }),
  });
  if (totalMinor < 0n) return 0n;
  return totalMinor < order.totalMinor ? totalMinor : order.totalMinor;
}

/** Until the invoice all that is not cancelled; then what is not credited, nor waits to be because it was cancelled. */
function owedQuantity({ ordered, cancelled, invoiced, credited }: SalesOrderLineDetails): number {
  const wanted = ordered - cancelled;
  return invoiced === 0 ? wanted : Math.min(wanted, invoiced - credited);
}
