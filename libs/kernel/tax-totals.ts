import { assertNever } from './assert-never.js';
import { inMinorRange } from './minor-units.js';
import { taxInGross, taxOnNet } from './tax-rate.js';

/** Whether a document's prices are without tax (`net`) or include it (`gross`). */
export type TaxMode = 'net' | 'gross';

/** A line's amount, without tax in mode `net`, with tax in mode `gross`. */
export interface TaxedAmount {
  readonly amountMinor: bigint;
  readonly taxCode: string;
  readonly ratePpm: number;
}

/** The tax of one code and rate on one document. `baseMinor` is without tax in both modes. */
export interface TaxTotal {
  readonly code: string;
  readonly ratePpm: number;
  readonly baseMinor: bigint;
  readonly taxMinor: bigint;
}

/** A document's totals in minor units: `netMinor + taxMinor = totalMinor`, and each is the sum of `taxes`. */
export interface TaxTotals {
  /** One entry per code and rate, ordered by code, then rate. */
  readonly taxes: readonly TaxTotal[];
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
}

/** The lines to total, and for a credit note what earlier ones against the same invoice took. */
export interface TaxTotalsInput {
  readonly mode: TaxMode;
  readonly lines: readonly TaxedAmount[];
  /**
   * The taxes of earlier credit notes against the same document (several entries per code and rate are added up).
   * With them the tax is the rounded tax of everything credited so far less what was credited before, so that
   * crediting all lines of an invoice, in whatever pieces, credits its tax exactly.
   */
  readonly alreadyCredited?: readonly TaxTotal[];
}

/**
 * Totals line amounts by tax code and rate; tax is rounded half-even once per code and rate and document, never per
 * line. Throws `InvalidTaxRate`, `MoneyOutOfRange`.
 */
export function taxTotals(input: TaxTotalsInput): TaxTotals {
  const groups = groupByRate(input.lines);
  const taxes = groups.map((group) => taxOfGroup(input.mode, group, input.alreadyCredited ?? []));
  const netMinor = inMinorRange(sumOf(taxes.map((tax) => tax.baseMinor)));
  const taxMinor = inMinorRange(sumOf(taxes.map((tax) => tax.taxMinor)));
  return { taxes, netMinor, taxMinor, totalMinor: inMinorRange(netMinor + taxMinor) };
}

function groupByRate(lines: readonly TaxedAmount[]): TaxedAmount[] {
  const groups = new Map<string, TaxedAmount>();
  for (const line of lines) {
    const key = `${line.ratePpm} ${line.taxCode}`;
    const amountMinor = (groups.get(key)?.amountMinor ?? 0n) + line.amountMinor;
    groups.set(key, { amountMinor, taxCode: line.taxCode, ratePpm: line.ratePpm });
  }
  return [...groups.values()].sort(byCodeThenRate);
}

function byCodeThenRate(a: TaxedAmount, b: TaxedAmount): number {
  if (a.taxCode === b.taxCode) return a.ratePpm - b.ratePpm;
  return a.taxCode < b.taxCode ? -1 : 1;
}

function taxOfGroup(mode: TaxMode, group: TaxedAmount, alreadyCredited: readonly TaxTotal[]): TaxTotal {
  const { amountMinor, taxCode: code, ratePpm } = group;
  const earlier = alreadyCredited.filter((tax) => tax.code === code && tax.ratePpm === ratePpm);
  const earlierBase = sumOf(earlier.map((tax) => tax.baseMinor));
  const earlierTax = sumOf(earlier.map((tax) => tax.taxMinor));
  switch (mode) {
    case 'net': {
      const taxMinor = taxOnNet(earlierBase + amountMinor, ratePpm) - earlierTax;
      return { code, ratePpm, baseMinor: amountMinor, taxMinor };
    }
    case 'gross': {
      const taxMinor = taxInGross(earlierBase + earlierTax + amountMinor, ratePpm) - earlierTax;
      return { code, ratePpm, baseMinor: amountMinor - taxMinor, taxMinor };
    }
    default:
      return assertNever(mode);
  }
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
