import type { CapabilitySchema } from '#libs/database';
import { StockAdjustmentLine } from './adjustments/stock-adjustment-line.entity.js';
import { StockAdjustment } from './adjustments/stock-adjustment.entity.js';
import { Inventory1763600500000 } from './migrations/1763600500000-inventory.js';
import { MovementPartitions1763701200000 } from './migrations/1763701200000-movement-partitions.js';
import { InventoryTimes1763701301000 } from './migrations/1763701301000-inventory-times.js';
import { StockReceiptLine } from './receipts/stock-receipt-line.entity.js';
import { StockReceipt } from './receipts/stock-receipt.entity.js';
import { StockLevel } from './stock/stock-level.entity.js';
import { StockMovement } from './stock/stock-movement.entity.js';
import { Warehouse } from './warehouses/warehouse.entity.js';

/** Inventory's tables. After each migrate the partitions of the movements are made ahead. */
export const inventorySchema: CapabilitySchema = {
  entities: [
    Warehouse,
    StockLevel,
    StockMovement,
    StockReceipt,
    StockReceiptLine,
    StockAdjustment,
    StockAdjustmentLine,
  ],
  migrations: [Inventory1763600500000, MovementPartitions1763701200000, InventoryTimes1763701301000],
  afterMigrate: ['select ensure_stock_movement_partitions()'],
};
