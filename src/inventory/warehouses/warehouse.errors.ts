import { DomainError } from '#libs/kernel';

/** No warehouse of the tenant has this id. */
export class WarehouseNotFound extends DomainError {
  static readonly code = 'inventory.warehouse.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super('There is no such warehouse. List them at /v1/warehouses.', { warehouseId: id });
  }
}

/** Another warehouse of the tenant has this code. */
export class WarehouseCodeTaken extends DomainError {
  static readonly code = 'inventory.warehouse.code_taken';
  static readonly kind = 'conflict';
  constructor(code: string) {
    super(`A warehouse with the code ${code} exists already. Choose another code.`, { code });
  }
}

/** The warehouse is closed to new stock. */
export class WarehouseArchived extends DomainError {
  static readonly code = 'inventory.warehouse.archived';
  static readonly kind = 'conflict';
  constructor(code: string) {
    super(`Warehouse ${code} is archived and takes nothing in. Make it active again, or name another one.`, { code });
  }
}
