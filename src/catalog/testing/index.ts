/** For tests only. */
export { CatalogStage } from './catalog-stage.js';
export { newProduct } from './product.builder.js';
