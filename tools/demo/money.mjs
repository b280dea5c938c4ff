/** Exact arithmetic on the API's decimal strings, by the rule that the API documents: half to even, once per line and rate. */

function parts(text, decimals) {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const units = BigInt(whole) * 10n ** BigInt(decimals) + BigInt(fraction.padEnd(decimals, '0'));
  return sign ? -units : units;
}

function halfEven(numerator, divisor) {
  const quotient = numerator / divisor;
  const twice = (numerator % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

/** `'12.34'` in pence. The demo company trades in pounds. */
export const pence = (amount) => parts(amount, 2);

/** Pence as `'1,234.56'` for people. */
export function pounds(amount) {
  const digits = String(amount < 0n ? -amount : amount).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount < 0n ? '-' : ''}${whole}.${digits.slice(-2)}`;
}

/** Pence as the API takes them. */
export const asMoney = (amount) => ({ amount: pounds(amount).replaceAll(',', ''), currency: 'GBP' });

/** What lines of `{ price, quantity, taxRatePercent }` come to. */
export function totals(lines) {
  const byRate = new Map();
  for (const { price, quantity, taxRatePercent } of lines) {
    const amount = halfEven(parts(price.amount, 4) * BigInt(quantity), 100n);
    byRate.set(taxRatePercent, (byRate.get(taxRatePercent) ?? 0n) + amount);
  }
  const net = [...byRate.values()].reduce((sum, base) => sum + base, 0n);
  const tax = [...byRate].reduce((sum, [rate, base]) => sum + halfEven(base * parts(rate, 4), 1_000_000n), 0n);
  return { net, tax, total: net + tax };
}
