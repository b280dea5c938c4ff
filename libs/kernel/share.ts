import { divideHalfEven } from './half-even.js';
import { inMinorRange } from './minor-units.js';
import { InvalidQuantity, wholeNumber, type WholeNumber } from './quantity.js';

/**
 * `totalMinor × part ÷ whole`, rounded half-even once. All of the whole is exactly all of the total.
 * Throws a `RangeError` for a whole of zero, `MoneyOutOfRange`.
 */
export function shareOf(totalMinor: bigint, part: WholeNumber, whole: WholeNumber): bigint {
  return inMinorRange(divideHalfEven(totalMinor * wholeNumber(part), wholeNumber(whole)));
}

/**
 * What to credit now for `quantity` of a line, so that partial credits add up to the original exactly: the rounded
 * share of everything credited up to now, less what earlier credits took. A line of negative quantity is credited in
 * negative quantities.
 *
 * Throws `InvalidQuantity` when nothing, the wrong sign, or more than what is left is credited.
 */
export function creditedShare(
  originalMinor: bigint,
  originalQuantity: WholeNumber,
  alreadyCreditedQuantity: WholeNumber,
  alreadyCreditedMinor: bigint,
  quantity: WholeNumber,
): bigint {
  const original = wholeNumber(originalQuantity);
  const already = wholeNumber(alreadyCreditedQuantity);
  const now = wholeNumber(quantity);
  const sign = original < 0n ? -1n : 1n;
  const left = (original - already) * sign;
  if (already * sign < 0n || now * sign <= 0n || now * sign > left) {
    throw new InvalidQuantity(quantity, `to credit is between 1 and the ${left} that are left`);
  }
  return inMinorRange(shareOf(originalMinor, already + now, original) - alreadyCreditedMinor);
}
