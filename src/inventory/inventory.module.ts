import { Module } from '@nestjs/common';
import { CatalogModule } from '#erp/catalog';
import { EventsModule } from '#libs/events';
import { RecordStockAdjustment } from './adjustments/record-stock-adjustment.js';
import { StockAdjustmentLines } from './adjustments/stock-adjustment-lines.repository.js';
import { StockAdjustmentQueries } from './adjustments/stock-adjustment.queries.js';
import { StockAdjustments } from './adjustments/stock-adjustments.repository.js';
import { StockBooksCheck } from './books/stock-books-check.js';
import { StockFaults } from './books/stock-faults.queries.js';
import { SeedDemoStock } from './demo/seed-demo-stock.js';
import { stockReservation } from './inventory.subscriptions.js';
import { RecordOpeningStock } from './receipts/record-opening-stock.js';
import { RecordStockReceipt } from './receipts/record-stock-receipt.js';
import { StockReceiptLines } from './receipts/stock-receipt-lines.repository.js';
import { StockReceiptQueries } from './receipts/stock-receipt.queries.js';
import { StockReceipts } from './receipts/stock-receipts.repository.js';
import { AllocateWaiting } from './stock/allocate-waiting.js';
import { IssueStock } from './stock/issue-stock.js';
import { LockStock } from './stock/lock-stock.js';
import { ReleaseStock } from './stock/release-stock.js';
import { ReserveStock } from './stock/reserve-stock.js';
import { ReturnStock } from './stock/return-stock.js';
import { StockDemandSource } from './stock/stock-demands.js';
import { StockLedger } from './stock/stock-ledger.js';
import { StockLevels } from './stock/stock-levels.repository.js';
import { StockMovements } from './stock/stock-movements.repository.js';
import { StockQueries } from './stock/stock.queries.js';
import { CreateWarehouse } from './warehouses/create-warehouse.js';
import { UpdateWarehouse } from './warehouses/update-warehouse.js';
import { WarehouseQueries } from './warehouses/warehouse.queries.js';
import { Warehouses } from './warehouses/warehouses.repository.js';

const REPOSITORIES = [
  Warehouses,
  StockLevels,
  StockMovements,
  StockReceipts,
  StockReceiptLines,
  StockAdjustments,
  StockAdjustmentLines,
];

/** What other capabilities and the edges may call. */
const OFFERED = [
  StockDemandSource,
  CreateWarehouse,
  UpdateWarehouse,
  WarehouseQueries,
  LockStock,
  ReserveStock,
  ReleaseStock,
  IssueStock,
  ReturnStock,
  AllocateWaiting,
  RecordStockReceipt,
  RecordOpeningStock,
  RecordStockAdjustment,
  StockReceiptQueries,
  StockAdjustmentQueries,
  StockQueries,
  StockBooksCheck,
  SeedDemoStock,
];

/** Warehouses and stock. */
@Module({
  imports: [CatalogModule, EventsModule.subscribe([stockReservation])],
  providers: [...REPOSITORIES, StockLedger, StockFaults, ...OFFERED],
  exports: OFFERED,
})
export class InventoryModule {}
