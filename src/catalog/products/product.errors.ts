import { DomainError } from '#libs/kernel';

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
  constructor(skus: readonly string[]) {
    super(
      `There already is a product with SKU ${skus.slice(0, 5).join(', ')}. Choose another SKU or change that product.`,
      {
        skus: skus.slice(0, 5),
      },
    );
  }
}
