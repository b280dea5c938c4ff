import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In } from 'typeorm';
import { containsWords, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import { CategoriesRepository } from '../categories/categories.repository.js';
import type { Category } from '../categories/category.entity.js';
import { CategoryNotFound } from '../categories/category.errors.js';
import type { Product } from '../products/product.entity.js';
import { ProductNotFound } from '../products/product.errors.js';
import { ProductsRepository } from '../products/products.repository.js';

/** A product with the category it stands in. */
export interface ShownProduct {
  readonly product: Product;
  readonly category: Category | null;
}

/** A category with the one above it. */
export interface ShownCategory {
  readonly category: Category;
  readonly parent: Category | null;
}

/** What the list of products shows. */
export interface StorefrontFilter {
  /** Slug of a category: products in it and below it. */
  readonly category?: string | undefined;
  /** Words that name or SKU contain, in any order. */
  readonly q?: string | undefined;
}

/** What everybody may see of the catalogue: what is on sale. */
@Injectable()
export class StorefrontQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
    private readonly categories: CategoriesRepository,
  ) {}

  /** Products on sale, by name. At most four queries. @throws CategoryNotFound */
  async productPage(filter: StorefrontFilter, limit: number, cursor?: string): Promise<Page<ShownProduct>> {
    const orderBy = { column: 'searchText', direction: 'ASC' } as const;
    return this.unitOfWork.read(async () => {
      const where = await this.whereOf(filter);
      const page = await this.products.page({ limit, cursor, where, orderBy });
      return { ...page, items: await this.shown(page.items) };
    });
  }

  /** A product on sale. @throws ProductNotFound for archived ones too */
  async product(slug: string): Promise<ShownProduct> {
    return this.unitOfWork.read(async () => {
      const product = await this.products.findOne({ slug, status: 'active' });
      const [shown] = await this.shown(product ? [product] : []);
      if (!shown) throw new ProductNotFound(slug);
      return shown;
    });
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

  private async whereOf({ category: slug, q }: StorefrontFilter): Promise<FindOptionsWhere<Product>> {
    const found = q === undefined ? {} : { searchText: containsWords(q) };
    if (slug === undefined) return { status: 'active', ...found };
    const category = await this.categories.findOne({ slug });
    if (!category) throw new CategoryNotFound(slug);
    return { status: 'active', ...found, categoryId: In(await this.categories.idsBelow(category.id)) };
  }

  private async shown(products: readonly Product[]): Promise<ShownProduct[]> {
    const categories = await this.byId(products.map((product) => product.categoryId));
    return products.map((product) => ({ product, category: categories.get(product.categoryId ?? '') ?? null }));
  }

  private async byId(ids: readonly (string | null)[]): Promise<Map<string, Category>> {
    const found = await this.categories.findByIds(ids.filter((id) => id !== null));
    return new Map(found.map((category) => [category.id, category]));
  }
}
