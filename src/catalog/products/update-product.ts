import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { storefrontTags } from '../storefront/storefront-tags.js';
import type { Product } from './product.entity.js';
import { ProductsRepository } from './products.repository.js';

/** What may change; a field that is left out stays as it is. The kind may not: stock hangs on it. */
export interface ProductChanges {
  readonly sku?: string | undefined;
  readonly slug?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Null takes it out of its category. */
  readonly categoryId?: string | null | undefined;
  /** 1/10,000 of the tenant's currency. */
  readonly priceE4?: bigint | undefined;
  readonly taxCode?: string | undefined;
  /** Parts per million. */
  readonly taxRatePpm?: number | undefined;
}

/** Changes a product. Documents that name it keep what they copied. */
@Injectable()
export class UpdateProduct {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /**
   * @param inspect sees the current row before it changes and may throw, e.g. when the client saw another version
   * @throws ProductNotFound, ProductSkuTaken, ProductSlugTaken, ProductCategoryUnknown, ConcurrentModification
   */
  async execute(id: string, changes: ProductChanges, inspect?: (current: Product) => void): Promise<Product> {
    return this.unitOfWork.run(async () => {
      const product = await this.products.get(id);
      inspect?.(product);
      const slugBefore = product.slug;
      product.sku = changes.sku ?? product.sku;
      product.slug = changes.slug ?? product.slug;
      product.name = changes.name ?? product.name;
      product.description = changes.description ?? product.description;
      product.priceE4 = changes.priceE4 ?? product.priceE4;
      product.taxCode = changes.taxCode ?? product.taxCode;
      product.taxRatePpm = changes.taxRatePpm ?? product.taxRatePpm;
      if (changes.categoryId !== undefined) product.categoryId = changes.categoryId;
      await this.products.store(product);
      await this.invalidation.outdate(id, storefrontTags.ofChangedProduct(slugBefore, product.slug));
      return product;
    });
  }
}
