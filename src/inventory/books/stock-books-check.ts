import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { BooksCheck, BooksFault } from '#libs/kernel';
import { StockDemandSource } from '../stock/stock-demands.js';
import { StockFaults } from './stock-faults.queries.js';

/**
 * The stock of the current tenant, recomputed from its rows: on hand = Σ movements, value = Σ values of movements,
 * documents = Σ lines = Σ movements, and reserved = what the order lines were promised.
 */
@Injectable()
export class StockBooksCheck implements BooksCheck {
  readonly name = 'stock';

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly found: StockFaults,
    private readonly demands: StockDemandSource,
  ) {}

  /** Codes: inventory.level.on_hand, inventory.level.value, inventory.level.reserved, inventory.document.value. */
  async faults(): Promise<BooksFault[]> {
    return this.unitOfWork.read(async () => [
      ...(await this.found.ofLevels()),
      ...(await this.found.ofDocuments()),
      ...(await this.reservationFaults()),
    ]);
  }

  private async reservationFaults(): Promise<BooksFault[]> {
    const levels = await this.found.reserved();
    const orders = new Map(
      (await this.demands.current.reservedTotals()).map((total) => [
        `${total.productId} ${total.warehouseId}`,
        total.reserved,
      ]),
    );
    const keys = new Set([...levels.keys(), ...orders.keys()]);
    const wrong = [...keys].filter((key) => (levels.get(key) ?? 0) !== (orders.get(key) ?? 0));
    return wrong.slice(0, 100).map((key) => ({
      code: 'inventory.level.reserved',
      message: `The level reserves ${levels.get(key) ?? 0} units, the order lines ${orders.get(key) ?? 0}.`,
      subject: key,
    }));
  }
}
