import { currentTenant } from '#libs/context';
import { TaxRate, UnitPrice } from '#libs/kernel';
import type { z } from 'zod';
import type { Product } from '../product.entity.js';
import type { productSchema } from './product.schemas.js';

/** The product as the API answers it. */
export function presentProduct(product: Product): z.input<typeof productSchema> {
  const { id, sku, slug, name, description, kind, categoryId, taxCode, status, version } = product;
  return {
    id,
    sku,
    slug,
    name,
    description,
    kind,
    categoryId,
    price: UnitPrice.of(product.priceE4, currentTenant().currency).toJSON(),
    taxCode,
    taxRatePercent: TaxRate.ofPpm(product.taxRatePpm).toPercent(),
    status,
    version,
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
  };
}
