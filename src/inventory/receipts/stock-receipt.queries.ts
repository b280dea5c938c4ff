import { Injectable } from '@nestjs/common';
import { type PageRequest, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { StockReceipt } from './stock-receipt.entity.js';
import type { RecordedStockReceipt } from './recorded-stock-receipt.js';
import { StockReceipts } from './stock-receipts.repository.js';

/** Reads of receipts, for screens and other capabilities. */
@Injectable()
export class StockReceiptQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receipts: StockReceipts,
  ) {}

  /** @throws StockReceiptNotFound */
  async get(id: string): Promise<RecordedStockReceipt> {
    return this.unitOfWork.read(() => this.receipts.withLines(id));
  }

  /** Whether a receipt with this external reference was recorded. */
  async hasExternalRef(externalRef: string): Promise<boolean> {
    return this.unitOfWork.read(async () => (await this.receipts.findOne({ externalRef })) !== null);
  }

  /** One page without lines, newest first. */
  async page(request: PageRequest<StockReceipt>): Promise<Page<StockReceipt>> {
    return this.unitOfWork.read(() => this.receipts.page(request));
  }
}
