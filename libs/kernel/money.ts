import { currencyExponent } from './currency.js';
import { formatDecimal, parseDecimal } from './decimal.js';
import { inMinorRange } from './minor-units.js';
import { CurrencyMismatch, InvalidMoney } from './money.errors.js';
import { wholeQuantity, type WholeNumber } from './quantity.js';

/** Money on the wire: a plain decimal string with all decimals of the currency. A type, so that it is a `JsonValue`. */
export type MoneyJson = {
  readonly amount: string;
  readonly currency: string;
};

/**
 * An exact, signed amount in a currency's minor units. Immutable.
 * Every result that a PostgreSQL bigint could not hold throws `MoneyOutOfRange`, every mix of currencies
 * `CurrencyMismatch`.
 */
export class Money {
  private constructor(
    /** Minor units, e.g. pence. */
    readonly minor: bigint,
    /** ISO 4217, upper case. */
    readonly currency: string,
  ) {}

  /** From minor units. Throws `UnknownCurrency`, `MoneyOutOfRange`. */
  static of(minor: bigint, currency: string): Money {
    currencyExponent(currency);
    return new Money(inMinorRange(minor), currency);
  }

  static zero(currency: string): Money {
    return Money.of(0n, currency);
  }

  /**
   * Reads `'12.34'`. Fewer decimals than the currency's are fine, more are not, nor are exponents, a leading `+`,
   * leading zeros or spaces. Throws `InvalidMoney`, `UnknownCurrency`, `MoneyOutOfRange`.
   */
  static parse(amount: string, currency: string): Money {
    const exponent = currencyExponent(currency);
    const minor = parseDecimal(amount, exponent);
    if (minor === undefined) throw new InvalidMoney(amount, currency, exponent);
    return Money.of(minor, currency);
  }

  /** Reads what {@link toJSON} wrote; throws as {@link parse} does. */
  static fromJSON(json: MoneyJson): Money {
    return Money.parse(json.amount, json.currency);
  }

  /** The sum, which is zero in `currency` for no amounts. */
  static sum(currency: string, amounts: Iterable<Money>): Money {
    let total = Money.zero(currency);
    for (const amount of amounts) total = total.add(amount);
    return total;
  }

  add(other: Money): Money {
    return Money.of(this.minor + this.minorOf(other), this.currency);
  }

  subtract(other: Money): Money {
    return Money.of(this.minor - this.minorOf(other), this.currency);
  }

  negate(): Money {
    return Money.of(-this.minor, this.currency);
  }

  /** The amount `quantity` times: whole units only, so that nothing is rounded. Throws `InvalidQuantity`. */
  times(quantity: WholeNumber): Money {
    return Money.of(this.minor * wholeQuantity(quantity), this.currency);
  }

  /** -1, 0 or 1: fit for `Array.prototype.sort`. */
  compare(other: Money): -1 | 0 | 1 {
    const minor = this.minorOf(other);
    if (this.minor === minor) return 0;
    return this.minor < minor ? -1 : 1;
  }

  /** Same amount and same currency; unlike {@link compare} it does not throw for another currency. */
  equals(other: Money): boolean {
    return this.minor === other.minor && this.currency === other.currency;
  }

  get isZero(): boolean {
    return this.minor === 0n;
  }

  get isNegative(): boolean {
    return this.minor < 0n;
  }

  /** The amount in plain decimal notation with all decimals of the currency: `'12.30'`, and `'12'` in JPY. */
  toDecimal(): string {
    return formatDecimal(this.minor, currencyExponent(this.currency));
  }

  toJSON(): MoneyJson {
    return { amount: this.toDecimal(), currency: this.currency };
  }

  /** `'12.34 GBP'`, for logs and messages. */
  toString(): string {
    return `${this.toDecimal()} ${this.currency}`;
  }

  private minorOf(other: Money): bigint {
    if (other.currency !== this.currency) throw new CurrencyMismatch(this.currency, other.currency);
    return other.minor;
  }
}
