/** What every floor may use: exact arithmetic, errors, ids, time and pages. Depends on nothing. */
export { allocate } from './allocate.js';
export { assertNever } from './assert-never.js';
export type { BooksCheck, BooksFault } from './books-check.js';
export {
  addDays,
  businessDate,
  InvalidBusinessDate,
  isBusinessDate,
  numberingYear,
  startOfBusinessDay,
  type BusinessDate,
} from './business-date.js';
export { Clock, FixedClock, SystemClock } from './clock.js';
export { currencyExponent, isCurrency, UnknownCurrency } from './currency.js';
export { decodeCursor, encodeCursor, InvalidCursor } from './cursor.js';
export { documentTotals, type DocumentLine, type DocumentTotals, type DocumentTotalsInput } from './document-totals.js';
export { DomainError, type DomainErrorClass, type DomainErrorDeclaration, type ErrorKind } from './domain-error.js';
export { divideHalfEven } from './half-even.js';
export type { JsonObject, JsonValue } from './json.js';
export { inMinorRange, MINOR_UNITS_MAX, MINOR_UNITS_MIN } from './minor-units.js';
export { CurrencyMismatch, InvalidMoney, MoneyOutOfRange } from './money.errors.js';
export { Money, type MoneyJson } from './money.js';
export type { Page } from './page.js';
export { InvalidQuantity, QUANTITY_MAX, wholeNumber, wholeQuantity, type WholeNumber } from './quantity.js';
export { foldText, searchText, searchWords } from './search-text.js';
export { PreconditionFailed, requireVersion } from './require-version.js';
export { creditedShare, shareOf } from './share.js';
export { InvalidTaxRate, RATE_PPM_MAX, taxInGross, taxOnNet, TaxRate } from './tax-rate.js';
export {
  taxTotals,
  type TaxedAmount,
  type TaxMode,
  type TaxTotal,
  type TaxTotals,
  type TaxTotalsInput,
} from './tax-totals.js';
export { isTimeZone, UnknownTimeZone } from './time-zone.js';
export { UNIT_PRICE_DECIMALS, UnitPrice } from './unit-price.js';
export { isUuid, uuidv7 } from './uuid.js';
