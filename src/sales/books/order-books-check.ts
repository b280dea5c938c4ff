import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { BooksCheck, BooksFault } from '#libs/kernel';
import { OrderFaults } from './order-faults.queries.js';

/**
 * The orders of the current tenant, recomputed from their lines: status, quantities within bounds, shipped and returned
 * = Σ shipments, totals = Σ lines, numbers without gaps, Σ reserved = what the stock levels promise.
 */
@Injectable()
export class OrderBooksCheck implements BooksCheck {
  readonly name = 'orders';

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly found: OrderFaults,
  ) {}

  /**
   * Codes: sales.order.status, sales.line.quantities, sales.line.shipped, sales.order.total, sales.order.numbers,
   * sales.stock.reserved.
   */
  async faults(): Promise<BooksFault[]> {
    return this.unitOfWork.read(async () => [...(await this.found.ofStatuses()), ...(await this.found.ofSums())]);
  }
}
