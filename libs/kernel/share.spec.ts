import { MINOR_UNITS_MAX } from './minor-units.js';
import { MoneyOutOfRange } from './money.errors.js';
import { InvalidQuantity } from './quantity.js';
import { creditedShare, shareOf } from './share.js';
import { SeededRandom } from './testing/index.js';

describe('shareOf', () => {
  it.each([
    [100n, 1, 3, 33n],
    [100n, 2, 3, 67n],
    [5n, 1, 2, 2n],
    [15n, 1, 2, 8n],
    [-5n, 1, 2, -2n],
    [-15n, 1n, 2n, -8n],
    [MINOR_UNITS_MAX, 7, 7, MINOR_UNITS_MAX],
  ])('of %s, %s of %s, is %s', (total, part, whole, share) => {
    expect(shareOf(total, part, whole)).toBe(share);
  });

  it('refuses a share of nothing and a share that cannot be kept', () => {
    expect(() => shareOf(1n, 1, 0)).toThrow(RangeError);
    expect(() => shareOf(MINOR_UNITS_MAX, 2, 1)).toThrow(MoneyOutOfRange);
  });
});

describe('creditedShare', () => {
  it('credits 10.00 for three units as 3.33, 3.34 and 3.33', () => {
    expect(creditedShare(1000n, 3, 0, 0n, 1)).toBe(333n);
    expect(creditedShare(1000n, 3, 1, 333n, 1)).toBe(334n);
    expect(creditedShare(1000n, 3, 2, 667n, 1)).toBe(333n);
  });

  it('adds up to the original exactly, in whatever pieces, also for a negative line', () => {
    const random = new SeededRandom(4);
    for (let round = 0; round < 500; round += 1) {
      const sign = random.oneOf([1, -1]);
      const units = random.integer(1, 200);
      const original = random.signed(random.oneOf([4, 10, 40]));
      let credited = 0n;
      let creditedUnits = 0;
      while (creditedUnits < units) {
        const now = random.integer(1, units - creditedUnits);
        credited += creditedShare(original, sign * units, sign * creditedUnits, credited, sign * now);
        creditedUnits += now;
      }
      expect(credited).toBe(original);
    }
  });

  it.each([
    [3, 0, 0],
    [3, 0, -1],
    [3, 0, 4],
    [3, 2, 2],
    [3, -1, 1],
    [-3, 0, 1],
    [0, 0, 1],
    [3, 0, 0.5],
  ])('refuses for a line of %s with %s credited to credit %s', (original, already, quantity) => {
    expect(() => creditedShare(1000n, original, already, 0n, quantity)).toThrow(InvalidQuantity);
  });
});
