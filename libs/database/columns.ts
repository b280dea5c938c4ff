import type { ValueTransformer } from 'typeorm';

/** `bigint` column ↔ bigint: money in minor units, unit prices in 1/10,000. Never a floating-point number. */
export const minorUnits: ValueTransformer = {
  to: (value: bigint | null | undefined): string | null =>
    value === null || value === undefined ? null : String(value),
  from: (value: string | number | null | undefined): bigint | null =>
    value === null || value === undefined ? null : BigInt(value),
};

/** `bigint` column ↔ number for whole quantities and counters, which CHECK constraints keep below 2^53. */
export const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined): string | null =>
    value === null || value === undefined ? null : String(value),
  from: (value: string | number | null | undefined): number | null => {
    if (value === null || value === undefined) return null;
    const parsed = Number(value);
    if (!Number.isSafeInteger(parsed)) throw new RangeError(`not a whole number: ${value}`);
    return parsed;
  },
};
