import { DomainError } from '#libs/kernel';

const LISTED_MAX = 5;

/** No product of this tenant has the id or slug. */
export class ProductNotFound extends DomainError {
  static readonly code = 'catalog.product.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no product ${id}.`, { id });
  }
}

/** Another product of this tenant has the SKU already. */
export class ProductSkuTaken extends DomainError {
  static readonly code = 'catalog.product.sku_taken';
  static readonly kind = 'conflict';
  /** @param skus those that were to be stored; at least one of them is taken */
  constructor(skus: readonly string[]) {
    const listed = skus.slice(0, LISTED_MAX);
    const which = skus.length === 1 ? `SKU ${listed[0]}` : `one of the ${skus.length} SKUs ${listed.join(', ')} …`;
    super(`There already is a product with ${which}. Choose another SKU or change that product.`, { skus: listed });
  }
}

/** Another product of this tenant has the slug already. */
export class ProductSlugTaken extends DomainError {
  static readonly code = 'catalog.product.slug_taken';
  static readonly kind = 'conflict';
  constructor() {
    super('Another product has this slug already. Choose another slug, or leave it out to have one made.');
  }
}

/** The category is none of this tenant's. */
export class ProductCategoryUnknown extends DomainError {
  static readonly code = 'catalog.product.category_unknown';
  static readonly kind = 'unprocessable';
  constructor() {
    super('The category is not one of this tenant. Take its id from /v1/categories.');
  }
}
