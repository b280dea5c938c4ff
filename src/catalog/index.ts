export { CatalogModule } from './catalog.module.js';
export { CreateProducts, type NewProduct } from './products/create-products.js';
export { ProductQueries, type ProductFacts } from './products/product.queries.js';
export type { ProductKind, ProductStatus } from './products/product.entity.js';
