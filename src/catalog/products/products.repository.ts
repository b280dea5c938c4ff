import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { UnitOfWork, violatedConstraint } from '#libs/database';
import { SluggedRepository } from '../slugged.repository.js';
import { Product } from './product.entity.js';
import { ProductCategoryUnknown, ProductNotFound, ProductSkuTaken, ProductSlugTaken } from './product.errors.js';

/** The only place that reads and writes products. */
@Injectable()
export class ProductsRepository extends SluggedRepository<Product> {
  protected readonly table = 'product';

  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Product, ProductNotFound);
  }

  /** Products by exact SKU; unknown ones are left out. */
  async findBySkus(skus: readonly string[]): Promise<Product[]> {
    if (skus.length === 0) return [];
    return this.find({ sku: In([...new Set(skus)]) });
  }

  /**
   * Inserts what is new and updates the rest.
   * @throws ProductSkuTaken, ProductSlugTaken, ProductCategoryUnknown, ConcurrentModification
   */
  async store(products: Product | readonly Product[]): Promise<void> {
    try {
      await this.save(products);
    } catch (error) {
      switch (violatedConstraint(error)) {
        case 'product_sku_unique':
          throw new ProductSkuTaken([products].flat().map((product) => product.sku));
        case 'product_slug_unique':
          throw new ProductSlugTaken();
        case 'product_category_fk':
          throw new ProductCategoryUnknown();
        default:
          throw error;
      }
    }
  }
}
