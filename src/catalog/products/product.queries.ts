import { Injectable } from '@nestjs/common';
import { containsWords, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Product, ProductKind, ProductStatus } from './product.entity.js';
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

/** Which products a list shows. */
export interface ProductFilter {
  readonly status?: ProductStatus | undefined;
  readonly kind?: ProductKind | undefined;
  /** In this very category, not below it. */
  readonly categoryId?: string | undefined;
  /** Exactly this SKU. */
  readonly sku?: string | undefined;
  /** Words that name or SKU contain, in any order. */
  readonly q?: string | undefined;
}

/** Reads of products, for screens and other capabilities. */
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

  /** @throws ProductNotFound */
  async get(id: string): Promise<Product> {
    return this.unitOfWork.read(() => this.products.get(id));
  }

  /** One page, newest first. */
  async page({ q, ...filter }: ProductFilter, limit: number, cursor?: string): Promise<Page<Product>> {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    const where = { ...given, ...(q !== undefined && { searchText: containsWords(q) }) };
    return this.unitOfWork.read(() => this.products.page({ limit, cursor, where }));
  }
}

function facts(product: Product): ProductFacts {
  const { id, sku, name, kind, status, priceE4, taxCode, taxRatePpm } = product;
  return { id, sku, name, kind, status, priceE4, taxCode, taxRatePpm };
}
