import { instantSchema, pageOf, pageQuery, text, unitPriceSchema, uuid, taxRatePercentSchema } from '#libs/http';
import { z } from 'zod';
import { priceSchema, searchSchema, slugSchema } from '../../http/fields.schemas.js';

const kindSchema = z.enum(['goods', 'service']).describe('Goods are kept in stock; services are sold without');
const statusSchema = z.enum(['active', 'archived']).describe('Archived products are no longer sold');
const skuSchema = text({ max: 64 }).describe('Your own code; unique, compared exactly, case included');
const descriptionSchema = text({ min: 0, max: 10_000, multiline: true });
const taxCodeSchema = text({ max: 32 }).describe('Your name for the kind of tax, e.g. `standard`');

/** A product as the API answers it. */
export const productSchema = z
  .strictObject({
    id: uuid,
    sku: z.string(),
    slug: slugSchema,
    name: z.string(),
    description: z.string(),
    kind: kindSchema,
    categoryId: uuid.nullable(),
    price: unitPriceSchema,
    taxCode: z.string(),
    taxRatePercent: taxRatePercentSchema,
    status: statusSchema,
    version: z.int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'Product' });

/** Body of `POST /v1/products`. */
export const newProductSchema = z
  .strictObject({
    sku: skuSchema,
    slug: slugSchema.optional().describe('Default: made from the name'),
    name: text({ max: 200 }),
    description: descriptionSchema.optional(),
    kind: kindSchema.default('goods'),
    categoryId: uuid.nullable().optional(),
    price: priceSchema,
    taxCode: taxCodeSchema,
    taxRatePercent: taxRatePercentSchema,
  })
  .meta({ id: 'NewProduct' });

/** Body of `PATCH /v1/products/{id}`. */
export const productChangesSchema = z
  .strictObject({
    sku: skuSchema.optional(),
    slug: slugSchema.optional(),
    name: text({ max: 200 }).optional(),
    description: descriptionSchema.optional(),
    categoryId: uuid.nullable().optional().describe('Null takes it out of its category'),
    price: priceSchema.optional(),
    taxCode: taxCodeSchema.optional(),
    taxRatePercent: taxRatePercentSchema.optional(),
  })
  .meta({ id: 'ProductChanges' });

/** Query of `GET /v1/products`. */
export const productListQuery = pageQuery({
  status: statusSchema.optional(),
  kind: kindSchema.optional(),
  categoryId: uuid.optional().describe('In this very category, not below it'),
  sku: skuSchema.optional(),
  q: searchSchema.optional(),
});
export const productPageSchema = pageOf(productSchema);
