import { MINOR_UNITS_MAX } from './minor-units.js';
import { MoneyOutOfRange } from './money.errors.js';
import { creditedShare } from './share.js';
import { taxTotals, type TaxedAmount, type TaxMode, type TaxTotal } from './tax-totals.js';
import { SeededRandom } from './testing/index.js';

interface InvoicedLine extends TaxedAmount {
  quantity: number;
  creditedQuantity: number;
  creditedMinor: bigint;
}

function invoicedLines(random: SeededRandom): InvoicedLine[] {
  return Array.from({ length: random.integer(1, 6) }, () => ({
    amountMinor: random.signed(14),
    taxCode: 'vat',
    ratePpm: random.oneOf([0, 50_000, 200_000, 175_000]),
    quantity: random.integer(1, 9),
    creditedQuantity: 0,
    creditedMinor: 0n,
  }));
}

/** Credits a random piece of one line, as a credit note of one line would. */
function creditPiece(line: InvoicedLine, quantity: number): TaxedAmount {
  const amountMinor = creditedShare(
    line.amountMinor,
    line.quantity,
    line.creditedQuantity,
    line.creditedMinor,
    quantity,
  );
  line.creditedQuantity += quantity;
  line.creditedMinor += amountMinor;
  return { amountMinor, taxCode: line.taxCode, ratePpm: line.ratePpm };
}

function creditEverything(random: SeededRandom, mode: TaxMode, lines: InvoicedLine[]): TaxTotal[] {
  const alreadyCredited: TaxTotal[] = [];
  for (let open = lines; open.length > 0; open = lines.filter((line) => line.creditedQuantity < line.quantity)) {
    const line = open[random.integer(0, open.length - 1)];
    if (line === undefined) break;
    const piece = creditPiece(line, random.integer(1, line.quantity - line.creditedQuantity));
    alreadyCredited.push(...taxTotals({ mode, lines: [piece], alreadyCredited }).taxes);
  }
  return alreadyCredited;
}

const sumOf = (taxes: readonly TaxTotal[], ratePpm: number, field: 'baseMinor' | 'taxMinor'): bigint =>
  taxes.filter((tax) => tax.ratePpm === ratePpm).reduce((sum, tax) => sum + tax[field], 0n);

describe('taxTotals', () => {
  it.each(['net', 'gross'] as const)('credits a %s invoice exactly, per rate, in whatever pieces', (mode) => {
    const random = new SeededRandom(8);
    for (let round = 0; round < 300; round += 1) {
      const lines = invoicedLines(random);
      const invoice = taxTotals({ mode, lines });
      const credited = creditEverything(random, mode, lines);
      for (const tax of invoice.taxes) {
        expect(sumOf(credited, tax.ratePpm, 'baseMinor')).toBe(tax.baseMinor);
        expect(sumOf(credited, tax.ratePpm, 'taxMinor')).toBe(tax.taxMinor);
      }
    }
  });

  it('refuses totals that cannot be kept', () => {
    const lines = [{ amountMinor: MINOR_UNITS_MAX, taxCode: 'vat', ratePpm: 200_000 }];
    expect(() => taxTotals({ mode: 'net', lines })).toThrow(MoneyOutOfRange);
  });
});
