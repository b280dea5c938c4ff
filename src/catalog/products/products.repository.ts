import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { Product } from './product.entity.js';
import { ProductNotFound } from './product.errors.js';

/** The only place that reads and writes products. */
@Injectable()
export class ProductsRepository extends TenantRepository<Product> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Product, ProductNotFound);
  }

  /** Products by exact SKU; unknown ones are left out. */
  async findBySkus(skus: readonly string[]): Promise<Product[]> {
    if (skus.length === 0) return [];
    return this.find({ sku: In([...new Set(skus)]) });
  }

  /** Those of the slugs that are in use already, or begin a numbered row of slugs that is. */
  async takenSlugs(slugs: readonly string[]): Promise<Set<string>> {
    const rows = await this.unitOfWork.query<{ slug: string }>(
      `select slug from product where slug = any($1) or regexp_replace(slug, '-[0-9]+$', '') = any($1)`,
      [slugs],
    );
    return new Set(rows.map((row) => row.slug));
  }
}
