import { Injectable } from '@nestjs/common';
import { CacheInvalidation } from '#libs/cache';
import { UnitOfWork } from '#libs/database';
import { storefrontTags } from '../storefront/storefront-tags.js';
import { CategoriesRepository } from './categories.repository.js';
import { Category } from './category.entity.js';

/** What a new category needs. */
export interface NewCategory {
  readonly name: string;
  /** Default: made from the name; numbered when that is taken. */
  readonly slug?: string | undefined;
  readonly parentId?: string | null | undefined;
  /** Order among its siblings, lowest first. Default: 0. */
  readonly position?: number | undefined;
}

/** Creates categories, one or thousands, in a constant number of statements. */
@Injectable()
export class CreateCategories {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly categories: CategoriesRepository,
    private readonly invalidation: CacheInvalidation,
  ) {}

  /** Gives them in the order of the inputs. @throws CategorySlugTaken, CategoryParentUnknown, CategoryCycle */
  async execute(inputs: readonly NewCategory[]): Promise<Category[]> {
    return this.unitOfWork.run(async () => {
      const slugs = await this.categories.slugsFor(inputs);
      const created = inputs.map((input, index) => newCategory(input, slugs[index] ?? ''));
      await this.categories.store(created);
      const [first] = created;
      if (first) await this.invalidation.outdate(first.id, storefrontTags.ofChangedCategories);
      return created;
    });
  }

  /** Creates one. Throws as {@link execute} does. */
  async one(input: NewCategory): Promise<Category> {
    const [created] = await this.execute([input]);
    if (!created) throw new Error('nothing was created');
    return created;
  }
}

function newCategory(input: NewCategory, slug: string): Category {
  const category = new Category();
  category.slug = slug;
  category.name = input.name;
  category.parentId = input.parentId ?? null;
  category.position = input.position ?? 0;
  return category;
}
