import { currencyExponent, isCurrency, UnknownCurrency } from './currency.js';

describe('currencyExponent', () => {
  it.each([
    ['GBP', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['TND', 3],
    // Where ISO 4217 and the digits that Intl displays differ:
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['IQD', 3],
    ['LBP', 2],
  ])('%s has %s decimals by ISO 4217', (currency, exponent) => {
    expect(currencyExponent(currency)).toBe(exponent);
  });

  it('is between 0 and 4 for every currency there is', () => {
    for (const currency of Intl.supportedValuesOf('currency').filter(isCurrency)) {
      expect([0, 2, 3, 4]).toContain(currencyExponent(currency));
    }
  });

  it.each(['', 'gbp', 'GB', 'ABC', 'POUND', 'XXX', 'XDR', 'XAU', '__proto__'])('refuses "%s"', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => currencyExponent(code)).toThrow(UnknownCurrency);
  });
});
