import { Module } from '@nestjs/common';
import { CategoriesRepository } from './categories/categories.repository.js';
import { CategoryQueries } from './categories/category.queries.js';
import { CreateCategories } from './categories/create-categories.js';
import { RemoveCategory } from './categories/remove-category.js';
import { UpdateCategory } from './categories/update-category.js';
import { SeedDemoCatalogue } from './demo/seed-demo-catalogue.js';
import { ArchiveProduct } from './products/archive-product.js';
import { CreateProducts } from './products/create-products.js';
import { ProductQueries } from './products/product.queries.js';
import { ProductsRepository } from './products/products.repository.js';
import { RestoreProduct } from './products/restore-product.js';
import { UpdateProduct } from './products/update-product.js';
import { StorefrontProducts } from './storefront/storefront-products.repository.js';
import { StorefrontQueries } from './storefront/storefront.queries.js';

const doors = [
  ArchiveProduct,
  CategoryQueries,
  CreateCategories,
  CreateProducts,
  ProductQueries,
  RemoveCategory,
  RestoreProduct,
  SeedDemoCatalogue,
  StorefrontQueries,
  UpdateCategory,
  UpdateProduct,
];

/** Products and categories. */
@Module({ providers: [CategoriesRepository, ProductsRepository, StorefrontProducts, ...doors], exports: doors })
export class CatalogModule {}
