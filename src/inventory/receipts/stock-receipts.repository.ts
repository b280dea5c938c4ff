import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { StockExternalRefTaken } from '../stock/stock.errors.js';
import type { RecordedStockReceipt } from './recorded-stock-receipt.js';
import { StockReceiptLines } from './stock-receipt-lines.repository.js';
import { StockReceipt } from './stock-receipt.entity.js';
import { StockReceiptNotFound } from './stock-receipt.errors.js';

/** The only way to the receipts. */
@Injectable()
export class StockReceipts extends TenantRepository<StockReceipt> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: StockReceiptLines,
  ) {
    super(unitOfWork, StockReceipt, StockReceiptNotFound);
  }

  /** Inserts a receipt with its lines: two statements that leave together. @throws StockExternalRefTaken */
  async record({ receipt, lines }: RecordedStockReceipt): Promise<void> {
    try {
      await Promise.all([this.insert(receipt), this.lines.insert(lines)]);
    } catch (error) {
      if (violatedConstraint(error) !== 'stock_receipt_external_ref_key') throw error;
      throw new StockExternalRefTaken(receipt.externalRef ?? '');
    }
  }

  /** @throws StockReceiptNotFound */
  async withLines(id: string): Promise<RecordedStockReceipt> {
    return { receipt: await this.get(id), lines: await this.lines.ofReceipt(id) };
  }
}
