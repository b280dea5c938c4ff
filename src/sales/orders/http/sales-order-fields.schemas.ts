import { z } from 'zod';
import { text, unitPriceSchema, uuid, taxRatePercentSchema } from '#libs/http';
import { QUANTITY_MAX } from '#libs/kernel';

/** Lines that one order may have over HTTP; a body holds no more (issue 2, section 4). */
export const HTTP_LINES_MAX = 500;

/** Whole units, from 1. */
export const quantitySchema = z.int().min(1).max(QUANTITY_MAX);

/** An address as it is printed. */
export const postalAddressSchema = z
  .strictObject({
    line1: text({ max: 200 }),
    line2: text({ max: 200 }).nullable().default(null),
    city: text({ max: 100 }),
    region: text({ max: 100 }).nullable().default(null),
    postalCode: text({ max: 20 }).nullable().default(null),
    country: text({ max: 60 }),
  })
  .meta({ id: 'SalesOrderAddress' });

/** A line as it is ordered. */
export const newSalesOrderLineSchema = z
  .strictObject({
    productId: uuid.optional().describe('Leave out for a service that is not in the catalogue, such as a discount'),
    quantity: quantitySchema,
    unitPrice: unitPriceSchema.optional().describe('Default: the product’s price. Below zero only for services'),
    sku: text({ max: 64 }).optional(),
    name: text({ max: 200 }).optional().describe('Default: the product’s; needed without a product'),
    taxCode: text({ max: 32 }).optional().describe('Default: the product’s; needed without a product'),
    taxRatePercent: taxRatePercentSchema.optional().describe('Default: the product’s; needed without a product'),
  })
  .meta({ id: 'NewSalesOrderLine' });

/** Some of a line. */
export const lineQuantitySchema = z
  .strictObject({ lineId: uuid, quantity: quantitySchema })
  .meta({ id: 'SalesOrderLineQuantity' });

/** Lines with quantities; all of them in one document at most. */
export const lineQuantitiesSchema = z.array(lineQuantitySchema).min(1).max(2_000).optional();
