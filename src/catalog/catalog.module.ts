import { Module } from '@nestjs/common';
import { CreateProducts } from './products/create-products.js';
import { ProductQueries } from './products/product.queries.js';
import { ProductsRepository } from './products/products.repository.js';

/** Products and categories. */
@Module({
  providers: [ProductsRepository, ProductQueries, CreateProducts],
  exports: [ProductsRepository, ProductQueries, CreateProducts],
})
export class CatalogModule {}
