import { InvalidQuantity } from './quantity.js';
import { CurrencyMismatch, InvalidMoney, MoneyOutOfRange } from './money.errors.js';
import { MINOR_UNITS_MAX, MINOR_UNITS_MIN } from './minor-units.js';
import { Money } from './money.js';
import { SeededRandom } from './testing/index.js';

const gbp = (amount: string): Money => Money.parse(amount, 'GBP');

describe('Money', () => {
  it.each([
    ['12.34', 'GBP', 1234n, '12.34'],
    ['12', 'GBP', 1200n, '12.00'],
    ['12.3', 'GBP', 1230n, '12.30'],
    ['-0.05', 'GBP', -5n, '-0.05'],
    ['-0.00', 'GBP', 0n, '0.00'],
    ['100', 'JPY', 100n, '100'],
    ['1.234', 'KWD', 1234n, '1.234'],
    ['92233720368547758.07', 'GBP', MINOR_UNITS_MAX, '92233720368547758.07'],
    ['-92233720368547758.08', 'GBP', MINOR_UNITS_MIN, '-92233720368547758.08'],
  ])('reads %s %s', (amount, currency, minor, written) => {
    const money = Money.parse(amount, currency);
    expect(money.minor).toBe(minor);
    expect(JSON.parse(JSON.stringify(money))).toEqual({ amount: written, currency });
  });

  it.each(['', ' ', '1 ', '+1', '1e3', '1.', '.5', '01', '--1', '1,00', '0x10', 'NaN', '1.234', '1.230', '１', '1\n'])(
    'refuses "%s" in pounds',
    (amount) => {
      expect(() => gbp(amount)).toThrow(InvalidMoney);
    },
  );

  it('refuses decimals in yen, a number for a string, and a megabyte of digits', () => {
    expect(() => Money.parse('1.0', 'JPY')).toThrow(InvalidMoney);
    expect(() => Money.parse(1 as unknown as string, 'GBP')).toThrow(InvalidMoney);
    expect(() => gbp('9'.repeat(1_000_000))).toThrow(InvalidMoney);
  });

  it('refuses what a bigint column cannot hold, wherever it arises', () => {
    const most = Money.of(MINOR_UNITS_MAX, 'GBP');
    const least = Money.of(MINOR_UNITS_MIN, 'GBP');
    expect(() => gbp('92233720368547758.08')).toThrow(MoneyOutOfRange);
    expect(() => most.add(gbp('0.01'))).toThrow(MoneyOutOfRange);
    expect(() => least.subtract(gbp('0.01'))).toThrow(MoneyOutOfRange);
    expect(() => least.negate()).toThrow(MoneyOutOfRange);
    expect(() => most.times(2)).toThrow(MoneyOutOfRange);
  });

  it('never mixes currencies', () => {
    const euro = Money.parse('1', 'EUR');
    expect(() => gbp('1').add(euro)).toThrow(CurrencyMismatch);
    expect(() => gbp('1').subtract(euro)).toThrow(CurrencyMismatch);
    expect(() => gbp('1').compare(euro)).toThrow(CurrencyMismatch);
    expect(() => Money.sum('GBP', [euro])).toThrow(CurrencyMismatch);
    expect(gbp('1').equals(euro)).toBe(false);
  });

  it('compares, sorts and sums', () => {
    const amounts = [gbp('3'), gbp('-1'), gbp('2')];
    expect(amounts.toSorted((a, b) => a.compare(b)).map(String)).toEqual(['-1.00 GBP', '2.00 GBP', '3.00 GBP']);
    expect(Money.sum('GBP', amounts).equals(gbp('4'))).toBe(true);
    expect(Money.sum('GBP', []).isZero).toBe(true);
    expect(gbp('-1').isNegative).toBe(true);
  });

  it('multiplies by whole quantities only', () => {
    expect(gbp('1.01').times(3).toDecimal()).toBe('3.03');
    expect(gbp('1.01').times(-3n).toDecimal()).toBe('-3.03');
    expect(() => gbp('1').times(0.5)).toThrow(InvalidQuantity);
    expect(() => gbp('0').times(1_000_000_001)).toThrow(InvalidQuantity);
  });

  it('reads back whatever it wrote', () => {
    const random = new SeededRandom(2);
    for (let round = 0; round < 2_000; round += 1) {
      const money = Money.of(random.signed(random.oneOf([3, 10, 40, 62])), random.oneOf(['GBP', 'JPY', 'KWD']));
      expect(Money.fromJSON(money.toJSON()).equals(money)).toBe(true);
      expect(money.subtract(money).isZero).toBe(true);
    }
  });
});
