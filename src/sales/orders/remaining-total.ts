import { documentTotals, type TaxMode, UnitPrice } from '#libs/kernel';
import type { LineQuantities } from './line-quantities.js';

/** What the total of an order depends on. */
export interface PricedLines {
  readonly currency: string;
  readonly priceMode: TaxMode;
  readonly lines: readonly (Pick<LineQuantities, 'ordered' | 'cancelled'> & {
    readonly unitPriceE4: bigint;
    readonly taxCode: string;
    readonly taxRatePpm: number;
  })[];
}

/** What an order comes to without what was cancelled, tax included; minor units. */
export function remainingTotalMinor({ currency, priceMode, lines }: PricedLines): bigint {
  const remaining = lines.filter((line) => line.ordered > line.cancelled);
  const { totalMinor } = documentTotals({
    currency,
    mode: priceMode,
    lines: remaining.map((line) => ({
      quantity: line.ordered - line.cancelled,
      unitPrice: UnitPrice.of(line.unitPriceE4, currency),
      taxCode: line.taxCode,
      ratePpm: line.taxRatePpm,
    })),
  });
  return totalMinor;
}
