import { DomainError } from '#libs/kernel';

const LISTED_MAX = 10;

/** The customer does not exist in this tenant. */
export class SalesOrderCustomerUnknown extends DomainError {
  static readonly code = 'sales.order.customer_unknown';
  static readonly kind = 'unprocessable';
  constructor(customerId: string) {
    super(`There is no customer ${customerId}. Create the customer first.`, { customerId });
  }
}

/** The customer is no longer sold to. */
export class SalesOrderCustomerArchived extends DomainError {
  static readonly code = 'sales.order.customer_archived';
  static readonly kind = 'unprocessable';
  constructor(customerId: string) {
    super(`Customer ${customerId} is archived. Make the customer active again, or choose another.`, { customerId });
  }
}

/** The warehouse does not exist in this tenant. */
export class SalesOrderWarehouseUnknown extends DomainError {
  static readonly code = 'sales.order.warehouse_unknown';
  static readonly kind = 'unprocessable';
  constructor(warehouseId: string) {
    super(`There is no warehouse ${warehouseId}. Choose one of the tenant’s warehouses.`, { warehouseId });
  }
}

/** The warehouse is closed. */
export class SalesOrderWarehouseArchived extends DomainError {
  static readonly code = 'sales.order.warehouse_archived';
  static readonly kind = 'unprocessable';
  constructor(warehouseId: string) {
    super(`Warehouse ${warehouseId} is archived. Choose an active one.`, { warehouseId });
  }
}

/** Products that do not exist in this tenant. */
export class SalesOrderProductUnknown extends DomainError {
  static readonly code = 'sales.order.product_unknown';
  static readonly kind = 'unprocessable';
  constructor(productIds: readonly string[]) {
    super(`There is no product ${productIds.slice(0, LISTED_MAX).join(', ')}. Take product ids from the catalogue.`, {
      productIds: productIds.slice(0, LISTED_MAX),
    });
  }
}

/** Products that are no longer sold. */
export class SalesOrderProductArchived extends DomainError {
  static readonly code = 'sales.order.product_archived';
  static readonly kind = 'unprocessable';
  constructor(skus: readonly string[]) {
    super(`No longer sold: ${skus.slice(0, LISTED_MAX).join(', ')}. Remove these lines, or make the products active.`, {
      skus: skus.slice(0, LISTED_MAX),
    });
  }
}

/** A line that names no product must say itself what it sells, and can only be a service. */
export class SalesOrderLineIncomplete extends DomainError {
  static readonly code = 'sales.order.line_incomplete';
  static readonly kind = 'unprocessable';
  constructor(lineNo: number, missing: readonly string[]) {
    super(`Line ${lineNo} names no product, so it must give ${missing.join(', ')} itself.`, {
      lineNo,
      missing: [...missing],
    });
  }
}

/** Goods are never sold below nothing; a discount is a service line. */
export class SalesOrderPriceNegative extends DomainError {
  static readonly code = 'sales.order.price_negative';
  static readonly kind = 'unprocessable';
  constructor(lineNo: number) {
    super(`Line ${lineNo}: the price of goods cannot be below zero. Give a discount as a line of its own.`, { lineNo });
  }
}

/** All that can be wrong with whom and what an order names. */
export const ORDER_PARTY_ERRORS = [
  SalesOrderCustomerUnknown,
  SalesOrderCustomerArchived,
  SalesOrderWarehouseUnknown,
  SalesOrderWarehouseArchived,
  SalesOrderProductUnknown,
  SalesOrderProductArchived,
] as const;
