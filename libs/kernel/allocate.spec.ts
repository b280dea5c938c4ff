import { allocate } from './allocate.js';
import { SeededRandom } from './testing/index.js';

describe('allocate', () => {
  it.each([
    [100n, [1, 1, 1], [34n, 33n, 33n]],
    [-100n, [1, 1, 1], [-34n, -33n, -33n]],
    [5n, [1, 2, 0], [2n, 3n, 0n]],
    [0n, [1, 2], [0n, 0n]],
    [0n, [], []],
    [1n, [0n, 0n, 1n], [0n, 0n, 1n]],
  ])('%s by %j', (total, weights, shares) => {
    expect(allocate(total, weights)).toEqual(shares);
  });

  it('adds up exactly, is symmetric, and stays within one unit of the exact share', () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < 1_000; round += 1) {
      const weights = Array.from({ length: random.integer(1, 12) }, () => random.integer(0, 1_000));
      weights.push(1);
      const whole = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
      const total = random.signed(random.oneOf([3, 12, 60]));
      const shares = allocate(total, weights);

      expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(total);
      expect(allocate(-total, weights)).toEqual(shares.map((share) => -share));
      shares.forEach((share, index) => {
        const error = share * whole - total * BigInt(weights[index] ?? 0);
        expect(error < whole && error > -whole).toBe(true);
      });
    }
  });

  it('refuses a negative weight, and a total that nothing carries', () => {
    expect(() => allocate(1n, [1, -1])).toThrow(RangeError);
    expect(() => allocate(1n, [])).toThrow(RangeError);
    expect(() => allocate(1n, [0, 0])).toThrow(RangeError);
  });
});
