import { divideHalfEven } from './half-even.js';
import { SeededRandom } from './testing/index.js';

describe('divideHalfEven', () => {
  it.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [35n, 10n, 4n],
    [26n, 10n, 3n],
    [24n, 10n, 2n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [-25n, 10n, -2n],
    [-26n, 10n, -3n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [7n, 2n, 4n],
    [-7n, -2n, 4n],
    [7n, -2n, -4n],
  ])('%s ÷ %s is %s', (numerator, denominator, expected) => {
    expect(divideHalfEven(numerator, denominator)).toBe(expected);
  });

  it('is symmetric about zero and never further than half away, with ties at the even number', () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 5_000; round += 1) {
      const numerator = random.signed(random.oneOf([4, 8, 32, 90]));
      const denominator = BigInt(random.integer(1, random.oneOf([4, 10, 1_000_000])));
      const rounded = divideHalfEven(numerator, denominator);
      const error = 2n * (numerator - rounded * denominator);

      expect(divideHalfEven(-numerator, denominator)).toBe(-rounded);
      expect(divideHalfEven(numerator, -denominator)).toBe(-rounded);
      expect(error <= denominator && error >= -denominator).toBe(true);
      const isTie = error === denominator || error === -denominator;
      expect(isTie && rounded % 2n !== 0n).toBe(false);
    }
  });

  it('refuses to divide by zero', () => {
    expect(() => divideHalfEven(1n, 0n)).toThrow(RangeError);
  });
});
