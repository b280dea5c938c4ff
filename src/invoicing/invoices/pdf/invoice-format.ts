import { Money, TaxRate, UnitPrice } from '#libs/kernel';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** `1,234.50`: all decimals of the currency, thousands grouped; exact for every amount. */
export function formatAmount(minor: bigint, currency: string): string {
  return grouped(Money.of(minor, currency).toDecimal());
}

/** `0.255`, `1,234.50`: at least the currency's decimals, at most 4. */
export function formatUnitPrice(e4: bigint, currency: string): string {
  return grouped(UnitPrice.of(e4, currency).toDecimal());
}

/** `12,000`. */
export function formatQuantity(quantity: number | bigint): string {
  return grouped(BigInt(quantity).toString());
}

/** `20%`, `8.875%`; `not stated` where the source of the document states no tax. */
export function formatRate(ratePpm: number, taxCode: string): string {
  return isTaxStated(taxCode) ? `${TaxRate.ofPpm(ratePpm).toPercent()}%` : 'not stated';
}

/** False for the tax code of documents whose source says nothing about tax: their 0 is no zero rate. */
export function isTaxStated(taxCode: string): boolean {
  return !/^not[-_ ]?stated$/i.test(taxCode);
}

/** `20 Nov 2026` for `2026-11-20`: no reader takes the day for the month. Throws a `RangeError` for anything else. */
export function formatDate(date: string): string {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const name = MONTHS[Number(month) - 1];
  if (name === undefined) throw new RangeError(`"${date}" is not a date`);
  return `${Number(day)} ${name} ${year}`;
}

/** The English name for an ISO 3166-1 alpha-2 code; anything else is a name already. */
export function countryName(country: string): string {
  return /^[A-Z]{2}$/.test(country) ? (COUNTRY_NAMES.of(country) ?? country) : country;
}

function grouped(decimal: string): string {
  const [whole = '', decimals] = decimal.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? groups : `${groups}.${decimals}`;
}
