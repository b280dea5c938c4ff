import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { ProductKind, ProductStatus } from './product.entity.js';
import { Product } from './product.entity.js';
import { ProductsRepository } from './products.repository.js';

/** What other capabilities may know about a product: what their documents copy. */
export interface ProductFacts {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly kind: ProductKind;
  readonly status: ProductStatus;
  readonly priceE4: bigint;
  readonly taxCode: string;
  readonly taxRatePpm: number;
}

/** Reads of products for other capabilities. */
@Injectable()
export class ProductQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
  ) {}

  /** By id; unknown ids are missing from the map. One query, however many. */
  async byIds(ids: readonly string[]): Promise<Map<string, ProductFacts>> {
    const found = await this.unitOfWork.read(() => this.products.findByIds(ids));
    return new Map(found.map((product) => [product.id, facts(product)]));
  }

  /** By exact SKU; unknown ones are missing from the map. */
  async bySkus(skus: readonly string[]): Promise<Map<string, ProductFacts>> {
    const found = await this.unitOfWork.read(() => this.products.findBySkus(skus));
    return new Map(found.map((product) => [product.sku, facts(product)]));
  }
}

function facts(product: Product): ProductFacts {
  const { id, sku, name, kind, status, priceE4, taxCode, taxRatePpm } = product;
  return { id, sku, name, kind, status, priceE4, taxCode, taxRatePpm };
}
