import type { StockAdjustmentLine } from './stock-adjustment-line.entity.js';
import type { StockAdjustment } from './stock-adjustment.entity.js';

/** An adjustment as it was recorded. */
export interface RecordedStockAdjustment {
  readonly adjustment: StockAdjustment;
  /** In the order given. */
  readonly lines: readonly StockAdjustmentLine[];
}
