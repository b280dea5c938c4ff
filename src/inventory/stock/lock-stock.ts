import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { StockLevels } from './stock-levels.repository.js';

/**
 * Takes the locks on stock before anything else is locked: levels come before orders. For verbs of other capabilities
 * that will change stock later in the same unit of work, such as cancelling or shipping an order.
 */
@Injectable()
export class LockStock {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly levels: StockLevels,
  ) {}

  /** Name all goods of the order, also those that will not change. @throws ProductNotStockable, WarehouseNotFound */
  async execute(warehouseId: string, productIds: readonly string[]): Promise<void> {
    await this.unitOfWork.run(() => this.levels.lock(warehouseId, productIds));
  }

  /**
   * Locks the levels that exist and says nothing of products, or a warehouse, that do not: a caller that has yet to look those up
   * sends both in one round trip. What is missing is opened, or refused, by whoever asks for it next.
   */
  async ahead(warehouseId: string, productIds: readonly string[]): Promise<void> {
    await this.unitOfWork.run(() => this.levels.lockKnown(warehouseId, productIds));
  }
}
