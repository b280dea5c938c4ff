import { DomainError } from '#libs/kernel';

/** Fewer units are available than are to go out. */
export class StockInsufficient extends DomainError {
  static readonly code = 'inventory.stock.insufficient';
  static readonly kind = 'conflict';
  constructor(productId: string, warehouseId: string, wanted: number, available: number) {
    super(`Only ${available} of ${wanted} units are available. Receive stock, release reservations, or ask for less.`, {
      productId,
      warehouseId,
      wanted,
      available,
    });
  }
}

/** More units are to be released or shipped from a reservation than are reserved. */
export class StockNotReserved extends DomainError {
  static readonly code = 'inventory.stock.not_reserved';
  static readonly kind = 'conflict';
  constructor(productId: string, warehouseId: string, wanted: number, reserved: number) {
    super(`Only ${reserved} of ${wanted} units are reserved. Read the order again and repeat.`, {
      productId,
      warehouseId,
      wanted,
      reserved,
    });
  }
}

/** A product that does not exist, or a service, which is never in stock. */
export class ProductNotStockable extends DomainError {
  static readonly code = 'inventory.product.not_stockable';
  static readonly kind = 'unprocessable';
  constructor(products: string | readonly string[]) {
    const productIds = typeof products === 'string' ? [products] : products;
    super('Only goods of the catalogue are kept in stock. Check `productIds`: unknown, or services.', {
      productIds: productIds.slice(0, 100),
    });
  }
}

/** A document without lines, or with more than one transaction should carry. */
export class StockDocumentSize extends DomainError {
  static readonly code = 'inventory.document.size';
  static readonly kind = 'invalid';
  constructor(lines: number, linesMax: number) {
    super(`A stock document has 1 to ${linesMax} lines. Split it.`, { lines, linesMax });
  }
}

/** A quantity that is no whole number of units, or zero, or has the wrong sign. */
export class StockQuantityInvalid extends DomainError {
  static readonly code = 'inventory.quantity.invalid';
  static readonly kind = 'invalid';
  constructor(quantity: number) {
    super('A quantity is a whole number of units; only adjustments may be negative, none may be zero.', { quantity });
  }
}

/** A cost below zero. */
export class StockCostNegative extends DomainError {
  static readonly code = 'inventory.cost.negative';
  static readonly kind = 'invalid';
  constructor(productId: string) {
    super('Stock cannot cost less than nothing. Give a cost of zero or more.', { productId });
  }
}

/** Another stock document carries this external reference. */
export class StockExternalRefTaken extends DomainError {
  static readonly code = 'inventory.document.external_ref_taken';
  static readonly kind = 'conflict';
  constructor(externalRef: string) {
    super('A stock document with this external reference exists already: it was recorded before.', { externalRef });
  }
}

/** What a reservation asks of sales changed while the stock was being locked. Repeating it is safe. */
export class StockDemandChanged extends DomainError {
  static readonly code = 'inventory.demand.changed';
  static readonly kind = 'conflict';
  constructor(orderId: string) {
    super('The order gained lines while its stock was being reserved. Repeat the request.', { orderId });
  }
}

/** No movement has this id. */
export class StockMovementNotFound extends DomainError {
  static readonly code = 'inventory.movement.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super('There is no such stock movement. List them at /v1/stock-movements.', { movementId: id });
  }
}
