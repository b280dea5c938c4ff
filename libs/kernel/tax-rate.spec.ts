import { Money } from './money.js';
import { InvalidTaxRate, taxInGross, taxOnNet, TaxRate } from './tax-rate.js';
import { SeededRandom } from './testing/index.js';

describe('TaxRate', () => {
  it.each([
    ['20', 200_000, '20'],
    ['8.875', 88_750, '8.875'],
    ['0', 0, '0'],
    ['100.00', 1_000_000, '100'],
    ['0.0001', 1, '0.0001'],
  ])('reads %s percent as %s ppm', (percent, ratePpm, written) => {
    expect(TaxRate.parsePercent(percent).ratePpm).toBe(ratePpm);
    expect(TaxRate.ofPpm(ratePpm).toPercent()).toBe(written);
  });

  it.each(['-1', '100.0001', '1.00001', 'x', ''])('refuses "%s" percent', (percent) => {
    expect(() => TaxRate.parsePercent(percent)).toThrow(InvalidTaxRate);
  });

  it.each([-1, 1_000_001, 0.5, Number.NaN])('refuses %s ppm', (ratePpm) => {
    expect(() => TaxRate.ofPpm(ratePpm)).toThrow(InvalidTaxRate);
    expect(() => taxOnNet(1n, ratePpm)).toThrow(InvalidTaxRate);
    expect(() => taxInGross(1n, ratePpm)).toThrow(InvalidTaxRate);
  });

  it('rounds tax on net half-even', () => {
    // 0.125 and 0.375 of a pound, in pence
    expect(taxOnNet(125n, 100_000)).toBe(12n);
    expect(taxOnNet(375n, 100_000)).toBe(38n);
    expect(taxOnNet(-125n, 100_000)).toBe(-12n);
    expect(TaxRate.parsePercent('20').onNet(Money.parse('9.99', 'GBP')).toDecimal()).toBe('2.00');
  });

  it('finds the tax in a gross amount', () => {
    expect(TaxRate.parsePercent('20').inGross(Money.parse('12.00', 'GBP')).toDecimal()).toBe('2.00');
    expect(taxInGross(10_000n, 190_000)).toBe(1_597n);
    expect(taxInGross(10_000n, 0)).toBe(0n);
  });

  it('finds in a gross amount the tax that made it', () => {
    const random = new SeededRandom(6);
    for (let round = 0; round < 2_000; round += 1) {
      const net = random.signed(40);
      const ratePpm = random.integer(0, 1_000_000);
      const tax = taxOnNet(net, ratePpm);
      expect(taxInGross(net + tax, ratePpm)).toBe(tax);
      expect(taxOnNet(-net, ratePpm)).toBe(-tax);
    }
  });
});
