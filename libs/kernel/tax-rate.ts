import { formatDecimal, parseDecimal } from './decimal.js';
import { DomainError } from './domain-error.js';
import { divideHalfEven } from './half-even.js';
import { inMinorRange } from './minor-units.js';
import { Money } from './money.js';

/** A whole, i.e. a rate of 100 %, in parts per million. */
export const RATE_PPM_MAX = 1_000_000;

const PERCENT_DECIMALS = 4;
const WHOLE_PPM = 1_000_000n;

/** A tax rate that is not between 0 and 100 % with at most 4 decimals of a percent. */
export class InvalidTaxRate extends DomainError {
  static readonly code = 'tax_rate.invalid';
  static readonly kind = 'invalid';

  constructor(rate: string | number) {
    super('A tax rate is between 0 and 100 percent, with at most 4 decimals', { rate: String(rate).slice(0, 50) });
  }
}

/** The tax on top of a net amount, rounded half-even once. Throws {@link InvalidTaxRate}, `MoneyOutOfRange`. */
export function taxOnNet(netMinor: bigint, ratePpm: number): bigint {
  return inMinorRange(divideHalfEven(netMinor * ppm(ratePpm), WHOLE_PPM));
}

/** The tax contained in a gross amount, rounded half-even once. Throws {@link InvalidTaxRate}. */
export function taxInGross(grossMinor: bigint, ratePpm: number): bigint {
  const rate = ppm(ratePpm);
  return inMinorRange(divideHalfEven(grossMinor * rate, WHOLE_PPM + rate));
}

function ppm(ratePpm: number): bigint {
  if (!Number.isInteger(ratePpm) || ratePpm < 0 || ratePpm > RATE_PPM_MAX) throw new InvalidTaxRate(ratePpm);
  return BigInt(ratePpm);
}

/** A tax rate, exact to a millionth: 20 % is 200,000 ppm. Immutable. */
export class TaxRate {
  private constructor(
    /** Parts per million, 0 to {@link RATE_PPM_MAX}. */
    readonly ratePpm: number,
  ) {}

  /** From parts per million. Throws {@link InvalidTaxRate}. */
  static ofPpm(ratePpm: number): TaxRate {
    return new TaxRate(Number(ppm(ratePpm)));
  }

  /** Reads a percentage such as `'20'` or `'8.875'`. Throws {@link InvalidTaxRate}. */
  static parsePercent(percent: string): TaxRate {
    const units = parseDecimal(percent, PERCENT_DECIMALS);
    if (units === undefined || units < 0n || units > WHOLE_PPM) throw new InvalidTaxRate(percent);
    return new TaxRate(Number(units));
  }

  /** The percentage without trailing zeros: `'20'`, `'8.875'`. */
  toPercent(): string {
    return formatDecimal(BigInt(this.ratePpm), PERCENT_DECIMALS, 0);
  }

  /** As {@link taxOnNet}. */
  onNet(net: Money): Money {
    return Money.of(taxOnNet(net.minor, this.ratePpm), net.currency);
  }

  /** As {@link taxInGross}. */
  inGross(gross: Money): Money {
    return Money.of(taxInGross(gross.minor, this.ratePpm), gross.currency);
  }
}
