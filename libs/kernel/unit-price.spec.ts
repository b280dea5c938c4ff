import { InvalidMoney } from './money.errors.js';
import { SeededRandom } from './testing/index.js';
import { UnitPrice } from './unit-price.js';

describe('UnitPrice', () => {
  it.each([
    ['2.5575', 'GBP', 25575n, '2.5575'],
    ['2.5', 'GBP', 25000n, '2.50'],
    ['2.505', 'GBP', 25050n, '2.505'],
    ['100', 'JPY', 1000000n, '100'],
    ['0.5', 'JPY', 5000n, '0.5'],
    ['1.23', 'KWD', 12300n, '1.230'],
    ['-11062.06', 'GBP', -110620600n, '-11062.06'],
  ])('reads %s %s', (amount, currency, e4, written) => {
    const price = UnitPrice.parse(amount, currency);
    expect(price.e4).toBe(e4);
    expect(price.toJSON()).toEqual({ amount: written, currency });
  });

  it('refuses a fifth decimal', () => {
    expect(() => UnitPrice.parse('1.00001', 'GBP')).toThrow(InvalidMoney);
  });

  it.each([
    ['0.005', 'GBP', 1, '0.00'],
    ['0.015', 'GBP', 1, '0.02'],
    ['0.005', 'GBP', 3, '0.02'],
    ['0.005', 'GBP', -3, '-0.02'],
    ['0.001', 'GBP', 1_000, '1.00'],
    ['0.5', 'JPY', 3, '2'],
    ['0.0005', 'KWD', 1, '0.000'],
    ['2.55', 'GBP', 6n, '15.30'],
  ])('%s %s × %s is %s, rounded once half-even', (price, currency, quantity, amount) => {
    expect(UnitPrice.parse(price, currency).extend(quantity).toDecimal()).toBe(amount);
  });

  it('extends symmetrically, and reads back what it wrote', () => {
    const random = new SeededRandom(3);
    for (let round = 0; round < 2_000; round += 1) {
      const price = UnitPrice.of(random.signed(30), random.oneOf(['GBP', 'JPY', 'KWD']));
      const quantity = random.integer(0, 100_000);
      expect(price.extend(-quantity).equals(price.extend(quantity).negate())).toBe(true);
      expect(UnitPrice.fromJSON(price.toJSON()).equals(price)).toBe(true);
    }
  });
});
