import type { NewProduct } from '../products/create-products.js';

/** Goods at 2.5500 with 20 % tax. Give what matters to the test. */
export function newProduct(sku: string, overrides: Partial<NewProduct> = {}): NewProduct {
  return {
    sku,
    name: `Product ${sku}`,
    kind: 'goods',
    priceE4: 25_500n,
    taxCode: 'standard',
    taxRatePpm: 200_000,
    ...overrides,
  };
}
