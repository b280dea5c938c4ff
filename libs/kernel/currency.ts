import { DomainError } from './domain-error.js';

/** A code that is no ISO 4217 currency, or one without a minor unit (gold, special drawing rights, "no currency"). */
export class UnknownCurrency extends DomainError {
  static readonly code = 'currency.unknown';
  static readonly kind = 'invalid';

  constructor(code: string) {
    super(`"${code.slice(0, 20)}" is not a currency that amounts can be kept in`, { currency: code.slice(0, 20) });
  }
}

/*
 * ISO 4217 minor units other than 2. Intl's own digits are not used: they follow CLDR's habits of display (HUF, IDR
 * and COP 0, IQD 0 instead of 3) and may change with any ICU upgrade, which would move the decimal point of every
 * amount that is already stored.
 */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...codes('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF', 0),
  ...codes('BHD IQD JOD KWD LYD OMR TND', 3),
  ...codes('CLF UYW', 4),
]);

// ISO 4217 gives these "N.A.": there is no unit to count in.
const WITHOUT_MINOR_UNIT = new Set('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '));

const KNOWN: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').filter((code) => !WITHOUT_MINOR_UNIT.has(code)),
);

function codes(list: string, exponent: number): [string, number][] {
  return list.split(' ').map((code) => [code, exponent]);
}

/** Whether amounts can be kept in this currency: an upper-case ISO 4217 code with a minor unit. */
export function isCurrency(code: string): boolean {
  return KNOWN.has(code);
}

/**
 * The number of decimals of the currency's minor unit by ISO 4217: GBP 2, JPY 0, KWD 3. Never more than 4.
 * Throws {@link UnknownCurrency}.
 */
export function currencyExponent(code: string): number {
  if (!KNOWN.has(code)) throw new UnknownCurrency(code);
  return EXPONENTS.get(code) ?? 2;
}
