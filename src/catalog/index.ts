/** What the tenant sells: products in a tree of categories. */
export { CatalogModule } from './catalog.module.js';
export { CATALOG_READ, CATALOG_WRITE } from './catalog.permissions.js';
export { CategoryQueries } from './categories/category.queries.js';
export { CreateCategories, type NewCategory } from './categories/create-categories.js';
export { demoCatalogue, type DemoCatalogue, type DemoCategory, type DemoProduct } from './demo/demo-catalogue.js';
export { SeedDemoCatalogue } from './demo/seed-demo-catalogue.js';
export { ArchiveProduct } from './products/archive-product.js';
export { CreateProducts, type NewProduct } from './products/create-products.js';
export { ProductQueries, type ProductFacts } from './products/product.queries.js';
export { ProductSkuTaken } from './products/product.errors.js';
export { RestoreProduct } from './products/restore-product.js';
export { UpdateProduct, type ProductChanges } from './products/update-product.js';
export type { ProductKind, ProductStatus } from './products/product.entity.js';
