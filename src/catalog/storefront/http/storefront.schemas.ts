import { currentTenant } from '#libs/context';
import { moneySchema, pageOf, pageQuery, unitPriceSchema, taxRatePercentSchema } from '#libs/http';
import { TaxRate, UnitPrice } from '#libs/kernel';
import { z } from 'zod';
import { searchSchema, slugSchema } from '../../http/fields.schemas.js';
import type { ShownCategory, ShownProduct } from '../storefront.queries.js';

/** A product as everybody may see it. */
export const catalogProductSchema = z
  .strictObject({
    slug: slugSchema,
    sku: z.string(),
    name: z.string(),
    description: z.string(),
    kind: z.enum(['goods', 'service']),
    category: z.strictObject({ slug: slugSchema, name: z.string() }).nullable(),
    price: unitPriceSchema.describe('Of one unit, without tax'),
    taxRatePercent: taxRatePercentSchema,
    taxIncluded: z.literal(false).describe('Whether `price` includes the tax'),
    priceWithTax: moneySchema.describe('What an order of one unit comes to'),
  })
  .meta({ id: 'CatalogProduct' });

/** A category as everybody may see it. */
export const catalogCategorySchema = z
  .strictObject({
    slug: slugSchema,
    name: z.string(),
    parentSlug: slugSchema.nullable().describe('The category above; null for a top category'),
  })
  .meta({ id: 'CatalogCategory' });

/** Query of `GET /v1/catalog/products`. */
export const catalogProductListQuery = pageQuery({
  category: slugSchema.optional().describe('Slug: products in this category and below it'),
  q: searchSchema.optional(),
});
export const catalogProductPageSchema = pageOf(catalogProductSchema);

/** Query of `GET /v1/catalog/categories`. */
export const catalogCategoryListQuery = pageQuery({});
export const catalogCategoryPageSchema = pageOf(catalogCategorySchema);

/** The product as everybody may see it. */
export function presentCatalogProduct(product: ShownProduct): z.input<typeof catalogProductSchema> {
  const { slug, sku, name, description, kind, category } = product;
  const price = UnitPrice.of(product.priceE4, currentTenant().currency);
  const rate = TaxRate.ofPpm(product.taxRatePpm);
  const net = price.extend(1);
  return {
    slug,
    sku,
    name,
    description,
    kind,
    category,
    price: price.toJSON(),
    taxRatePercent: rate.toPercent(),
    taxIncluded: false,
    priceWithTax: net.add(rate.onNet(net)).toJSON(),
  };
}

/** The category as everybody may see it. */
export function presentCatalogCategory({ category, parent }: ShownCategory): z.input<typeof catalogCategorySchema> {
  return { slug: category.slug, name: category.name, parentSlug: parent?.slug ?? null };
}
