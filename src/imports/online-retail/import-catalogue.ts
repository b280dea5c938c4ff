import { Injectable } from '@nestjs/common';
import { CreateProducts, ProductQueries } from '#erp/catalog';
import { CreateCustomers, CustomerQueries } from '#erp/customers';
import { TAX_NOT_STATED } from './import-context.js';
import type { Survey, SurveyedProduct } from './survey.js';

const CHUNK = 1_000;

/** Products and customers of the file: found, or created. */
@Injectable()
export class ImportCatalogue {
  constructor(
    private readonly productQueries: ProductQueries,
    private readonly createProducts: CreateProducts,
    private readonly customerQueries: CustomerQueries,
    private readonly createCustomers: CreateCustomers,
  ) {}

  /** Ids by exact stock code. */
  async products(surveyed: readonly SurveyedProduct[]): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (const chunk of chunks(surveyed)) {
      const found = await this.productQueries.bySkus(chunk.map((product) => product.sku));
      for (const [sku, { id }] of found) ids.set(sku, id);
      const missing = chunk.filter((product) => !found.has(product.sku));
      const created = await this.createProducts.execute(
        missing.map(({ sku, name, priceE4 }) => ({
          sku,
          name: name || sku,
          kind: 'goods',
          priceE4,
          ...TAX_NOT_STATED,
        })),
      );
      for (const { sku, id } of created) ids.set(sku, id);
    }
    return ids;
  }

  /** Ids by reference. */
  async customers(survey: Survey): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (const chunk of chunks([...survey.customers.values()])) {
      const found = await this.customerQueries.byExternalRefs(chunk.map((customer) => customer.externalRef));
      for (const [ref, { id }] of found) ids.set(ref, id);
      const missing = chunk.filter((customer) => !found.has(customer.externalRef));
      const created = await this.createCustomers.execute(
        missing.map(({ externalRef, name, country }) => ({
          kind: 'company',
          name,
          externalRef,
          billingAddress: unknownAddress(country),
        })),
      );
      for (const { externalRef, id } of created) ids.set(externalRef ?? '', id);
    }
    return ids;
  }
}

/** The source names countries alone. */
function unknownAddress(country: string) {
  return { line1: '', line2: null, city: '', region: null, postalCode: null, country };
}

/** Pieces that fit into one statement. */
export function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}
