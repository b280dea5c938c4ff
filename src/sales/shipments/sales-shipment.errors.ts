import { DomainError } from '#libs/kernel';

/** No shipment of this tenant has the id. */
export class SalesShipmentNotFound extends DomainError {
  static readonly code = 'sales.shipment.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no shipment ${id}.`, { id });
  }
}

/** No line of a shipment of this tenant has the id. */
export class SalesShipmentLineNotFound extends DomainError {
  static readonly code = 'sales.shipment.line_not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no shipment line ${id}.`, { id });
  }
}
