import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { storefrontTags } from '../storefront/storefront-tags.js';
import type { Product } from './product.entity.js';
import { ProductsRepository } from './products.repository.js';

/** Takes a product off sale. Old documents keep it; its SKU and slug stay taken. */
@Injectable()
export class ArchiveProduct {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /**
   * Archiving what is archived changes nothing.
   * @param inspect sees the current row before it changes and may throw, e.g. when the client saw another version
   * @throws ProductNotFound, ConcurrentModification
   */
  async execute(id: string, inspect?: (current: Product) => void): Promise<Product> {
    return this.unitOfWork.run(async () => {
      const product = await this.products.get(id);
      inspect?.(product);
      if (!product.archive()) return product;
      await this.products.update(product);
      await this.invalidation.outdate(id, storefrontTags.ofChangedProduct(product.slug));
      return product;
    });
  }
}
