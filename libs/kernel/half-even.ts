/**
 * `numerator ÷ denominator`, rounded to the nearest whole number, ties to the even one (banker's rounding).
 * Symmetric about zero. The denominator may be negative; zero throws a `RangeError`.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  const twice = 2n * magnitude(remainder);
  const divisor = magnitude(denominator);
  const away = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  if (!away) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
