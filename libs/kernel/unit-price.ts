import { currencyExponent } from './currency.js';
import { formatDecimal, parseDecimal } from './decimal.js';
import { divideHalfEven } from './half-even.js';
import { inMinorRange } from './minor-units.js';
import { InvalidMoney } from './money.errors.js';
import { Money, type MoneyJson } from './money.js';
import { wholeQuantity, type WholeNumber } from './quantity.js';

/** Decimals of a unit price, whatever the currency: no ISO 4217 currency has more. */
export const UNIT_PRICE_DECIMALS = 4;

/** The price of one unit, to 1/10,000 of the currency's major unit. Immutable. */
export class UnitPrice {
  private constructor(
    /** 1/10,000 of the major unit: 2.55 GBP is `25500n`. */
    readonly e4: bigint,
    /** ISO 4217, upper case. */
    readonly currency: string,
  ) {}

  /** From 1/10,000 of the major unit. Throws `UnknownCurrency`, `MoneyOutOfRange`. */
  static of(e4: bigint, currency: string): UnitPrice {
    currencyExponent(currency);
    return new UnitPrice(inMinorRange(e4), currency);
  }

  /** Reads `'2.5575'`: at most 4 decimals, otherwise as strict as `Money.parse`, and throws the same. */
  static parse(amount: string, currency: string): UnitPrice {
    currencyExponent(currency);
    const e4 = parseDecimal(amount, UNIT_PRICE_DECIMALS);
    if (e4 === undefined) throw new InvalidMoney(amount, currency, UNIT_PRICE_DECIMALS);
    return UnitPrice.of(e4, currency);
  }

  /** Reads what {@link toJSON} wrote; throws as {@link parse} does. */
  static fromJSON(json: MoneyJson): UnitPrice {
    return UnitPrice.parse(json.amount, json.currency);
  }

  /** Price × quantity, rounded half-even once to the currency's minor unit. Throws `InvalidQuantity`, `MoneyOutOfRange`. */
  extend(quantity: WholeNumber): Money {
    const perMinor = 10n ** BigInt(UNIT_PRICE_DECIMALS - currencyExponent(this.currency));
    return Money.of(divideHalfEven(this.e4 * wholeQuantity(quantity), perMinor), this.currency);
  }

  equals(other: UnitPrice): boolean {
    return this.e4 === other.e4 && this.currency === other.currency;
  }

  /** At least the currency's decimals and at most 4: `'2.50'`, `'2.5575'`. */
  toDecimal(): string {
    return formatDecimal(this.e4, UNIT_PRICE_DECIMALS, currencyExponent(this.currency));
  }

  toJSON(): MoneyJson {
    return { amount: this.toDecimal(), currency: this.currency };
  }

  /** `'2.5575 GBP'`, for logs and messages. */
  toString(): string {
    return `${this.toDecimal()} ${this.currency}`;
  }
}
