/** Stock, never oversold: warehouses, levels, reservations, movements and what they are worth. */
export {
  RecordStockAdjustment,
  type NewStockAdjustment,
  type NewStockAdjustmentLine,
} from './adjustments/record-stock-adjustment.js';
export { StockAdjustmentQueries } from './adjustments/stock-adjustment.queries.js';
export { AdjustmentCostNotAllowed, StockAdjustmentNotFound } from './adjustments/stock-adjustment.errors.js';
export type { RecordedStockAdjustment } from './adjustments/recorded-stock-adjustment.js';
export { StockBooksCheck } from './books/stock-books-check.js';
export { SeedDemoStock, type DemoStock } from './demo/seed-demo-stock.js';
export { InventoryModule } from './inventory.module.js';
export { INVENTORY_READ, INVENTORY_WRITE } from './inventory.permissions.js';
export { RecordOpeningStock } from './receipts/record-opening-stock.js';
export { RecordStockReceipt, type NewStockReceipt, type NewStockReceiptLine } from './receipts/record-stock-receipt.js';
export { StockReceiptNotFound } from './receipts/stock-receipt.errors.js';
export { StockReceiptQueries } from './receipts/stock-receipt.queries.js';
export type { RecordedStockReceipt } from './receipts/recorded-stock-receipt.js';
export { AllocateWaiting } from './stock/allocate-waiting.js';
export { IssueStock, type IssuedLine, type IssueLine, type IssueRequest } from './stock/issue-stock.js';
export { LockStock } from './stock/lock-stock.js';
export { ReleaseStock, type ReleaseRequest } from './stock/release-stock.js';
export { ReserveStock, type ReservationResult } from './stock/reserve-stock.js';
export { ReturnStock, type ReturnedLine, type ReturnLine, type ReturnRequest } from './stock/return-stock.js';
export {
  StockDemands,
  StockDemandSource,
  type DemandLine,
  type ReservationChange,
  type ReservedTotal,
  type StockDemand,
} from './stock/stock-demands.js';
export { stockMovedPayload, type StockMovedPayload } from './stock/stock-moved.payload.js';
export { StockMoved } from './stock/stock.events.js';
export * from './stock/stock.errors.js';
export { StockQueries } from './stock/stock.queries.js';
export { STOCK_LINES_MAX } from './stock/stock-quantity.js';
export { CreateWarehouse, type NewWarehouse } from './warehouses/create-warehouse.js';
export { UpdateWarehouse, type WarehouseChanges } from './warehouses/update-warehouse.js';
export type { WarehouseAddress, WarehouseStatus } from './warehouses/warehouse.entity.js';
export * from './warehouses/warehouse.errors.js';
export { WarehouseQueries } from './warehouses/warehouse.queries.js';
