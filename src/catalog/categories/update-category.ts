import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { storefrontTags } from '../storefront/storefront-tags.js';
import { CategoriesRepository } from './categories.repository.js';
import type { Category } from './category.entity.js';

/** What may change; a field that is left out stays as it is. */
export interface CategoryChanges {
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
  /** Null makes it a top category. */
  readonly parentId?: string | null | undefined;
  readonly position?: number | undefined;
}

/** Renames or moves a category. */
@Injectable()
export class UpdateCategory {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly categories: CategoriesRepository,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /**
   * @param inspect sees the current row before it changes and may throw, e.g. when the client saw another version
   * @throws CategoryNotFound, CategorySlugTaken, CategoryParentUnknown, CategoryCycle, ConcurrentModification
   */
  async execute(id: string, changes: CategoryChanges, inspect?: (current: Category) => void): Promise<Category> {
    return this.unitOfWork.run(async () => {
      const category = await this.categories.get(id);
      inspect?.(category);
      category.name = changes.name ?? category.name;
      category.slug = changes.slug ?? category.slug;
      category.position = changes.position ?? category.position;
      if (changes.parentId !== undefined) category.parentId = changes.parentId;
      await this.categories.store(category);
      await this.invalidation.outdate(id, storefrontTags.ofChangedCategories);
      return category;
    });
  }
}
