import { text, unitPriceSchema } from '#libs/http';
import { z } from 'zod';

/** Part of a URL: lower case letters, digits and single hyphens. */
export const slugSchema = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .describe('Unique; part of public URLs');

/** Words to search for. */
export const searchSchema = text({ max: 100 }).describe(
  'Words that name or SKU contain, in any order; case and accents do not matter',
);

/** A price of one unit, zero at least. */
export const priceSchema = unitPriceSchema.refine((price) => !price.amount.startsWith('-'), {
  message: 'A price is not below zero',
  path: ['amount'],
});
