import { DomainError } from '#libs/kernel';

/** No category of this tenant has the id or slug. */
export class CategoryNotFound extends DomainError {
  static readonly code = 'catalog.category.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no category ${id}. List them at /v1/categories.`, { id });
  }
}

/** Another category of this tenant has the slug. */
export class CategorySlugTaken extends DomainError {
  static readonly code = 'catalog.category.slug_taken';
  static readonly kind = 'conflict';
  constructor() {
    super('Another category has this slug already. Choose another slug, or leave it out to have one made.');
  }
}

/** The category above is none of this tenant's. */
export class CategoryParentUnknown extends DomainError {
  static readonly code = 'catalog.category.parent_unknown';
  static readonly kind = 'unprocessable';
  constructor() {
    super('The parent is not a category of this tenant. Take its id from /v1/categories.');
  }
}

/** Below itself, or too deep. */
export class CategoryCycle extends DomainError {
  static readonly code = 'catalog.category.cycle';
  static readonly kind = 'conflict';
  constructor() {
    super('A category cannot be below itself, nor deeper than 100 levels. Choose another parent.');
  }
}

/** Products or categories are in it. */
export class CategoryInUse extends DomainError {
  static readonly code = 'catalog.category.in_use';
  static readonly kind = 'conflict';
  constructor(id: string) {
    super('Products or categories are in this category. Move them elsewhere first.', { id });
  }
}
