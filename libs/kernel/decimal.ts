// JSON's number grammar without the exponent, so that every amount has one spelling per scale.
const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;

// More than any bounded amount needs; keeps a megabyte of digits away from BigInt.
const LENGTH_MAX = 40;

/**
 * Reads plain decimal notation into units of 10^-scale: `parseDecimal('12.3', 2)` is `1230n`.
 * Answers undefined for anything else: exponents, a leading `+`, leading zeros, spaces, more than `scale` decimals.
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  if (typeof text !== 'string' || text.length > LENGTH_MAX) return undefined;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', decimals = ''] = match;
  if (decimals.length > scale) return undefined;
  const units = BigInt(whole + decimals.padEnd(scale, '0'));
  return sign === '-' ? -units : units;
}

/**
 * Writes units of 10^-scale as plain decimal notation with `scale` decimals; trailing zeros beyond `decimalsMin`
 * are left out. `parseDecimal(formatDecimal(n, s), s)` is `n`.
 */
export function formatDecimal(units: bigint, scale: number, decimalsMin: number = scale): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  let decimals = digits.slice(digits.length - scale);
  while (decimals.length > decimalsMin && decimals.endsWith('0')) decimals = decimals.slice(0, -1);
  return `${units < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}
