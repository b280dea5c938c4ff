import { DomainError } from './domain-error.js';

/** An amount that is not plain decimal notation with at most the decimals allowed. */
export class InvalidMoney extends DomainError {
  static readonly code = 'money.invalid';
  static readonly kind = 'invalid';

  constructor(amount: unknown, currency: string, decimalsMax: number) {
    super(`An amount in ${currency} is a decimal string with at most ${decimalsMax} decimals`, {
      amount: String(amount).slice(0, 50),
      currency,
      decimalsMax,
    });
  }
}

/** An amount larger than a PostgreSQL bigint of minor units can hold. */
export class MoneyOutOfRange extends DomainError {
  static readonly code = 'money.out_of_range';
  static readonly kind = 'unprocessable';

  constructor() {
    super('The amount is too large to be kept');
  }
}

/** Two currencies in one calculation. */
export class CurrencyMismatch extends DomainError {
  static readonly code = 'money.currency_mismatch';
  static readonly kind = 'unprocessable';

  constructor(expected: string, actual: string) {
    super(`An amount in ${actual} cannot be combined with one in ${expected}`, { expected, actual });
  }
}
