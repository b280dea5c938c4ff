import { inMinorRange } from './minor-units.js';
import { wholeNumber, type WholeNumber } from './quantity.js';

/**
 * Divides a total by weights so that the shares add up to it exactly (largest remainder): each share is the exact one
 * rounded down or up, the units left over go to the largest remainders, the earlier of equal ones. Symmetric about
 * zero; a weight of zero gets nothing.
 *
 * Throws a `RangeError` for a negative weight, or when there is a total and no weight to carry it.
 */
export function allocate(total: bigint, weights: readonly WholeNumber[]): bigint[] {
  const parts = weights.map(wholeNumber);
  if (parts.some((part) => part < 0n)) throw new RangeError('A weight cannot be negative');
  const whole = parts.reduce((sum, part) => sum + part, 0n);
  if (whole === 0n) {
    if (total !== 0n) throw new RangeError('A total needs at least one weight above zero');
    return parts;
  }
  const sign = total < 0n ? -1n : 1n;
  const units = inMinorRange(total) * sign;
  const shares = parts.map((part) => (units * part) / whole);
  const remainders = parts.map((part) => (units * part) % whole);
  const left = units - shares.reduce((sum, share) => sum + share, 0n);
  for (const index of largestFirst(remainders).slice(0, Number(left))) shares[index] = (shares[index] ?? 0n) + 1n;
  return shares.map((share) => share * sign);
}

function largestFirst(remainders: readonly bigint[]): number[] {
  const byRemainder = remainders.map((remainder, index) => ({ remainder, index }));
  // The sort is stable: of equal remainders the earlier stays first.
  byRemainder.sort((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder));
  return byRemainder.map(({ index }) => index);
}
