import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { StockReceiptLine } from './stock-receipt-line.entity.js';
import { StockReceiptNotFound } from './stock-receipt.errors.js';

/** The only way to the table of receipt lines. */
@Injectable()
export class StockReceiptLines extends TenantRepository<StockReceiptLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, StockReceiptLine, StockReceiptNotFound);
  }

  /** All lines of a receipt, in their order. */
  async ofReceipt(receiptId: string): Promise<StockReceiptLine[]> {
    return this.find({ receiptId }, { order: { lineNo: 'ASC' } });
  }
}
