import { Param } from '@nestjs/common';
import { z } from 'zod';

/** A UUID in canonical form, lower case. */
export const uuid = z.guid({ message: 'Must be a UUID' }).toLowerCase().describe('UUID');

/** The path parameter `name` as a UUID: `@IdParam() id: string`. */
export function IdParam(name = 'id'): ParameterDecorator {
  return Param(name, { schema: uuid });
}

/** An ISO 4217 code, e.g. GBP. Whether amounts can be kept in it is for the kernel to say. */
export const currencySchema = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217 code');

/** A local date of the tenant: `2026-11-20`. */
export const dateSchema = z.iso.date();

/** An instant with its offset: `2026-11-20T09:30:00Z`. */
export const instantSchema = z.iso.datetime({ offset: true });

/** Money on the wire. `Money.parse(amount, currency)` checks the number of decimals. */
export const moneySchema = z
  .strictObject({
    amount: z
      .string()
      .max(40)
      .regex(/^-?\d+(\.\d+)?$/)
      .describe('Decimal, with at most the decimals of the currency'),
    currency: currencySchema,
  })
  .meta({ id: 'Money', example: { amount: '12.34', currency: 'GBP' } });

/** A unit price on the wire: at most 4 decimals in any currency. */
export const unitPriceSchema = z
  .strictObject({
    amount: z
      .string()
      .max(40)
      .regex(/^-?\d+(\.\d{1,4})?$/)
      .describe('Decimal, with at most 4 decimals'),
    currency: currencySchema,
  })
  .meta({ id: 'UnitPrice', example: { amount: '2.5575', currency: 'GBP' } });

/** A tax rate on the wire, in percent: `20` or `8.875`. `TaxRate.parsePercent` reads it. */
export const taxRatePercentSchema = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/)
  .describe('Percent, with at most 4 decimals');

/** Rows of a page: what a client gets unless it asks, and at most (issue 2, section 4). */
export const PAGE_LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 200;

/** The query of a list: `limit`, `cursor` and the filters in `filters`. Other parameters are refused. */
export function pageQuery<S extends z.ZodRawShape>(filters: S) {
  return z.strictObject({
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(PAGE_LIMIT_MAX)
      .default(PAGE_LIMIT_DEFAULT)
      .describe('How many items to answer at most'),
    cursor: z.string().min(1).max(2_048).optional().describe('`nextCursor` of the page before'),
    ...filters,
  });
}

/** A page of `item`. A component of its own in the document if `item` has an id: `SalesOrder` → `SalesOrderPage`. */
export function pageOf<T extends z.ZodType>(item: T) {
  const page = z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Pass it as `cursor` to get the next page; null on the last one'),
  });
  const id = item.meta()?.id;
  return id === undefined ? page : page.meta({ id: `${id}Page` });
}
