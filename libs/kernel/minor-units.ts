import { MoneyOutOfRange } from './money.errors.js';

/** The largest amount that is kept: a PostgreSQL bigint's. */
export const MINOR_UNITS_MAX = 2n ** 63n - 1n;
/** The smallest amount that is kept: a PostgreSQL bigint's. */
export const MINOR_UNITS_MIN = -(2n ** 63n);

/** Passes an amount that a PostgreSQL bigint can hold; throws {@link MoneyOutOfRange} otherwise. */
export function inMinorRange(minor: bigint): bigint {
  if (minor > MINOR_UNITS_MAX || minor < MINOR_UNITS_MIN) throw new MoneyOutOfRange();
  return minor;
}
