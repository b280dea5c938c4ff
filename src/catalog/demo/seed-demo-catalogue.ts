import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { CategoriesRepository } from '../categories/categories.repository.js';
import { CreateCategories } from '../categories/create-categories.js';
import { CreateProducts } from '../products/create-products.js';
import { type ProductFacts, ProductQueries } from '../products/product.queries.js';
import { type DemoCategory, demoCatalogue } from './demo-catalogue.js';

/** Fills a tenant with the catalogue of the demo company. */
@Injectable()
export class SeedDemoCatalogue {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly categories: CategoriesRepository,
    private readonly createCategories: CreateCategories,
    private readonly createProducts: CreateProducts,
    private readonly queries: ProductQueries,
  ) {}

  /** Creates what is not there yet, by SKU and slug, and gives all of it in the order of {@link demoCatalogue}. */
  async execute(): Promise<ProductFacts[]> {
    const { categories, products } = demoCatalogue();
    const skus = products.map((product) => product.sku);
    return this.unitOfWork.run(async () => {
      const ids = await this.idsOf(categories);
      const known = await this.queries.bySkus(skus);
      const missing = products.filter((product) => !known.has(product.sku));
      await this.createProducts.execute(
        missing.map(({ categorySlug, ...product }) => ({ ...product, categoryId: ids.get(categorySlug) })),
      );
      const all = await this.queries.bySkus(skus);
      return skus.flatMap((sku) => all.get(sku) ?? []);
    });
  }

  /** Ids by slug: departments first, then what is in them. */
  private async idsOf(wanted: readonly DemoCategory[]): Promise<Map<string, string>> {
    const known = await this.categories.findBySlugs(wanted.map((category) => category.slug));
    const ids = new Map(known.map((category) => [category.slug, category.id]));
    for (const top of [true, false]) {
      const level = wanted.filter(({ slug, parentSlug }) => (parentSlug === null) === top && !ids.has(slug));
      const created = await this.createCategories.execute(
        level.map(({ parentSlug, ...category }) => ({ ...category, parentId: ids.get(parentSlug ?? '') })),
      );
      for (const category of created) ids.set(category.slug, category.id);
    }
    return ids;
  }
}
