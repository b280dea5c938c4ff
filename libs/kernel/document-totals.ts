import { CurrencyMismatch } from './money.errors.js';
import type { WholeNumber } from './quantity.js';
import { taxTotals, type TaxedAmount, type TaxMode, type TaxTotals } from './tax-totals.js';
import type { UnitPrice } from './unit-price.js';

/** A line of an order, invoice or credit note before it is totalled. */
export interface DocumentLine {
  readonly quantity: WholeNumber;
  /** Without tax in mode `net`, with tax in mode `gross`. */
  readonly unitPrice: UnitPrice;
  readonly taxCode: string;
  readonly ratePpm: number;
}

/** A document as it is priced; every unit price is in its currency. */
export interface DocumentTotalsInput {
  readonly currency: string;
  readonly mode: TaxMode;
  readonly lines: readonly DocumentLine[];
}

/** The totals of a document and, in the order of the lines given, what each line comes to. */
export interface DocumentTotals extends TaxTotals {
  /** `amountMinor` is unit price × quantity: with tax in mode `gross`. */
  readonly lines: readonly TaxedAmount[];
}

/**
 * Totals a document (issue 2 §4, §5): each line is rounded half-even to the minor unit, then tax once per code and
 * rate. In mode `net` the total is the lines plus tax; in mode `gross` the lines are the total and the tax is in it.
 *
 * Throws `CurrencyMismatch` for a price in another currency, `InvalidQuantity`, `InvalidTaxRate`, `MoneyOutOfRange`.
 */
export function documentTotals(input: DocumentTotalsInput): DocumentTotals {
  const lines = input.lines.map((line) => lineAmount(line, input.currency));
  return { lines, ...taxTotals({ mode: input.mode, lines }) };
}

function lineAmount(line: DocumentLine, currency: string): TaxedAmount {
  const { unitPrice, taxCode, ratePpm } = line;
  if (unitPrice.currency !== currency) throw new CurrencyMismatch(currency, unitPrice.currency);
  return { amountMinor: unitPrice.extend(line.quantity).minor, taxCode, ratePpm };
}
