import { Module } from '@nestjs/common';
import { CatalogModule } from './catalog.module.js';
import { CategoriesController } from './categories/http/categories.controller.js';
import { ProductArchivalController } from './products/http/product-archival.controller.js';
import { ProductsController } from './products/http/products.controller.js';
import { StorefrontController } from './storefront/http/storefront.controller.js';

/** The catalogue over HTTP. */
@Module({
  imports: [CatalogModule],
  controllers: [ProductsController, ProductArchivalController, CategoriesController, StorefrontController],
})
export class CatalogHttpModule {}
