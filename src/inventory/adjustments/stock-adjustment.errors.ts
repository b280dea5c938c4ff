import { DomainError } from '#libs/kernel';

/** No adjustment has this id. */
export class StockAdjustmentNotFound extends DomainError {
  static readonly code = 'inventory.adjustment.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super('There is no such stock adjustment. List them at /v1/stock-adjustments.', { adjustmentId: id });
  }
}

/** Units that leave were given a cost: they leave at the average. */
export class AdjustmentCostNotAllowed extends DomainError {
  static readonly code = 'inventory.adjustment.cost_not_allowed';
  static readonly kind = 'invalid';
  constructor(productId: string) {
    super('Units that leave do so at the average cost. Give a unit cost only where units were found.', { productId });
  }
}
