import type { StockReceiptLine } from './stock-receipt-line.entity.js';
import type { StockReceipt } from './stock-receipt.entity.js';

/** A receipt as it was recorded. */
export interface RecordedStockReceipt {
  readonly receipt: StockReceipt;
  /** In the order given. */
  readonly lines: readonly StockReceiptLine[];
}
