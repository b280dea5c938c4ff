import { documentTotals, type DocumentLine } from './document-totals.js';
import { CurrencyMismatch } from './money.errors.js';
import { SeededRandom } from './testing/index.js';
import { UnitPrice } from './unit-price.js';

const line = (quantity: number, price: string, ratePpm = 200_000, taxCode = 'standard'): DocumentLine => ({
  quantity,
  unitPrice: UnitPrice.parse(price, 'GBP'),
  taxCode,
  ratePpm,
});

describe('documentTotals', () => {
  it('rounds each line half-even and tax once per rate', () => {
    // Three lines of 0.12 at 20 %: 0.072 together, not three times 0.02.
    const totals = documentTotals({
      currency: 'GBP',
      mode: 'net',
      lines: [line(1, '0.125'), line(1, '0.12'), line(1, '0.12'), line(2, '5', 50_000, 'reduced')],
    });
    expect(totals.lines.map((each) => each.amountMinor)).toEqual([12n, 12n, 12n, 1000n]);
    expect(totals.taxes).toEqual([
      { code: 'reduced', ratePpm: 50_000, baseMinor: 1000n, taxMinor: 50n },
      { code: 'standard', ratePpm: 200_000, baseMinor: 36n, taxMinor: 7n },
    ]);
    expect(totals).toMatchObject({ netMinor: 1036n, taxMinor: 57n, totalMinor: 1093n });
  });

  it('takes the tax out of gross prices', () => {
    const totals = documentTotals({ currency: 'GBP', mode: 'gross', lines: [line(3, '3.33'), line(1, '0.01')] });
    expect(totals.lines.map((each) => each.amountMinor)).toEqual([999n, 1n]);
    expect(totals).toMatchObject({ netMinor: 833n, taxMinor: 167n, totalMinor: 1000n });
  });

  it('keeps one code at two rates, and two codes at one rate, apart', () => {
    const lines = [line(1, '1', 200_000, 'b'), line(1, '1', 50_000, 'b'), line(1, '1', 200_000, 'a')];
    const { taxes } = documentTotals({ currency: 'GBP', mode: 'net', lines });
    expect(taxes.map((tax) => [tax.code, tax.ratePpm])).toEqual([
      ['a', 200_000],
      ['b', 50_000],
      ['b', 200_000],
    ]);
  });

  it('is all zero without lines', () => {
    const totals = documentTotals({ currency: 'GBP', mode: 'net', lines: [] });
    expect(totals).toEqual({ lines: [], taxes: [], netMinor: 0n, taxMinor: 0n, totalMinor: 0n });
  });

  it('refuses a price in another currency', () => {
    const lines = [line(1, '1')];
    expect(() => documentTotals({ currency: 'EUR', mode: 'net', lines })).toThrow(CurrencyMismatch);
  });

  it('adds up in both modes, whatever the lines and their order', () => {
    const random = new SeededRandom(7);
    for (let round = 0; round < 500; round += 1) {
      const mode = random.oneOf(['net', 'gross'] as const);
      const lines = Array.from({ length: random.integer(1, 20) }, () => ({
        quantity: random.integer(-5, 500),
        unitPrice: UnitPrice.of(random.signed(20), 'GBP'),
        taxCode: random.oneOf(['standard', 'reduced']),
        ratePpm: random.oneOf([0, 50_000, 200_000, 88_750]),
      }));
      const totals = documentTotals({ currency: 'GBP', mode, lines });
      const amounts = totals.lines.reduce((sum, each) => sum + each.amountMinor, 0n);

      expect(mode === 'net' ? totals.netMinor : totals.totalMinor).toBe(amounts);
      expect(totals.netMinor + totals.taxMinor).toBe(totals.totalMinor);
      expect(totals.taxes.reduce((sum, tax) => sum + tax.baseMinor, 0n)).toBe(totals.netMinor);
      expect(totals.taxes.reduce((sum, tax) => sum + tax.taxMinor, 0n)).toBe(totals.taxMinor);
      const { taxes } = documentTotals({ currency: 'GBP', mode, lines: lines.toReversed() });
      expect(taxes).toEqual(totals.taxes);
    }
  });
});
