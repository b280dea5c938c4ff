import { DomainError } from './domain-error.js';

/** A whole number as it comes: `number` from document lines, `bigint` from stock levels. */
export type WholeNumber = number | bigint;

/** The largest quantity a line, a movement or a stock level may have, in whole units. */
export const QUANTITY_MAX = 1_000_000_000;

/** A quantity that is no whole number, or outside of what the document allows. */
export class InvalidQuantity extends DomainError {
  static readonly code = 'quantity.invalid';
  static readonly kind = 'invalid';

  constructor(quantity: WholeNumber, requirement: string) {
    super(`A quantity ${requirement}`, { quantity: String(quantity) });
  }
}

/** The number as a bigint. Throws {@link InvalidQuantity} for fractions and for numbers a double cannot hold exactly. */
export function wholeNumber(value: WholeNumber): bigint {
  if (typeof value === 'bigint') return value;
  if (!Number.isSafeInteger(value)) throw new InvalidQuantity(value, 'is a whole number');
  return BigInt(value);
}

/** A signed quantity of at most {@link QUANTITY_MAX} units either way; throws {@link InvalidQuantity} otherwise. */
export function wholeQuantity(quantity: WholeNumber): bigint {
  const whole = wholeNumber(quantity);
  if (whole > QUANTITY_MAX || whole < -QUANTITY_MAX) {
    throw new InvalidQuantity(quantity, `is at most ${QUANTITY_MAX} units`);
  }
  return whole;
}
