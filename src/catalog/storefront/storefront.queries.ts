import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import { CategoriesRepository } from '../categories/categories.repository.js';
import type { Category } from '../categories/category.entity.js';
import { CategoryNotFound } from '../categories/category.errors.js';
import { ProductNotFound } from '../products/product.errors.js';
import { type ShownProduct, type StorefrontFilter, StorefrontProducts } from './storefront-products.repository.js';

export type { ShownProduct } from './storefront-products.repository.js';

/** A category with the one above it. */
export interface ShownCategory {
  readonly category: Category;
  readonly parent: Category | null;
}

/** What everybody may see of the catalogue: what is on sale. */
@Injectable()
export class StorefrontQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: StorefrontProducts,
    private readonly categories: CategoriesRepository,
  ) {}

  /** Products on sale, by name. One query; two when a category shows nothing. @throws CategoryNotFound */
  async productPage(filter: StorefrontFilter, limit: number, cursor?: string): Promise<Page<ShownProduct>> {
    const page = await this.products.page(filter, limit, cursor);
    if (page.items.length === 0 && filter.category !== undefined) await this.requireCategory(filter.category);
    return page;
  }

  /** A product on sale. @throws ProductNotFound for archived ones too */
  async product(slug: string): Promise<ShownProduct> {
    const found = await this.products.bySlug(slug);
    if (!found) throw new ProductNotFound(slug);
    return found;
  }

  /** All categories, by position. */
  async categoryPage(limit: number, cursor?: string): Promise<Page<ShownCategory>> {
    const orderBy = { column: 'position', direction: 'ASC' } as const;
    return this.unitOfWork.read(async () => {
      const page = await this.categories.page({ limit, cursor, orderBy });
      const parents = await this.byId(page.items.map((category) => category.parentId));
      const items = page.items.map((category) => ({ category, parent: parents.get(category.parentId ?? '') ?? null }));
      return { ...page, items };
    });
  }

  private async requireCategory(slug: string): Promise<void> {
    if (!(await this.unitOfWork.read(() => this.categories.findOne({ slug })))) throw new CategoryNotFound(slug);
  }

  private async byId(ids: readonly (string | null)[]): Promise<Map<string, Category>> {
    const found = await this.categories.findByIds(ids.filter((id) => id !== null));
    return new Map(found.map((category) => [category.id, category]));
  }
}
