import { Injectable } from '@nestjs/common';
import { type NewStockReceipt, RecordStockReceipt } from './record-stock-receipt.js';
import type { RecordedStockReceipt } from './recorded-stock-receipt.js';

/** Puts in what was there when the books were opened: one document for a whole catalogue (up to 10,000 lines). */
@Injectable()
export class RecordOpeningStock {
  constructor(private readonly recordStockReceipt: RecordStockReceipt) {}

  /** Booked against equity instead of goods received. @throws as {@link RecordStockReceipt.execute} */
  async execute(input: Omit<NewStockReceipt, 'kind'>): Promise<RecordedStockReceipt> {
    return this.recordStockReceipt.execute({ ...input, kind: 'opening' });
  }
}
