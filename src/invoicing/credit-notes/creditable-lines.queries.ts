import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { InvoiceLinesRepository } from '../invoices/invoices.repository.js';

/** An invoice line that has units left to credit. */
export interface CreditableLine {
  readonly id: string;
  readonly sku: string;
  readonly unitPriceE4: bigint;
  /** Units left. */
  readonly creditable: number;
}

/** Finds what a credit note without a named original may refer to. */
@Injectable()
export class CreditableLineQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lines: InvoiceLinesRepository,
  ) {}

  /** Of the customer's invoices, the oldest first. */
  async of(customerId: string, skus: readonly string[]): Promise<CreditableLine[]> {
    const found = await this.unitOfWork.read(() => this.lines.creditableOf(customerId, skus));
    return found.map(({ id, sku, unitPriceE4, creditable }) => ({ id, sku, unitPriceE4, creditable }));
  }
}
