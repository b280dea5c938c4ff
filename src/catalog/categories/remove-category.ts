import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { storefrontTags } from '../storefront/storefront-tags.js';
import { CategoriesRepository } from './categories.repository.js';
import type { Category } from './category.entity.js';

/** Removes a category that nothing is in. */
@Injectable()
export class RemoveCategory {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly categories: CategoriesRepository,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /**
   * @param inspect sees the current row before it goes and may throw, e.g. when the client saw another version
   * @throws CategoryNotFound, CategoryInUse, ConcurrentModification
   */
  async execute(id: string, inspect?: (current: Category) => void): Promise<void> {
    await this.unitOfWork.run(async () => {
      const category = await this.categories.get(id);
      inspect?.(category);
      await this.categories.removeUnused(category);
      await this.invalidation.outdate(id, storefrontTags.ofChangedCategories);
    });
  }
}
