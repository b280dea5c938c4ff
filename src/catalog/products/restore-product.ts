import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { storefrontTags } from '../storefront/storefront-tags.js';
import type { Product } from './product.entity.js';
import { ProductsRepository } from './products.repository.js';

/** Puts an archived product on sale again. */
@Injectable()
export class RestoreProduct {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /**
   * Restoring what is on sale changes nothing.
   * @param inspect sees the current row before it changes and may throw, e.g. when the client saw another version
   * @throws ProductNotFound, ConcurrentModification
   */
  async execute(id: string, inspect?: (current: Product) => void): Promise<Product> {
    return this.unitOfWork.run(async () => {
      const product = await this.products.get(id);
      inspect?.(product);
      if (!product.restore()) return product;
      await this.products.update(product);
      await this.invalidation.outdate(id, storefrontTags.ofChangedProduct(product.slug));
      return product;
    });
  }
}
