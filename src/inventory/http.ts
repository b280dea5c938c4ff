import { Module } from '@nestjs/common';
import { StockAdjustmentsController } from './adjustments/http/stock-adjustments.controller.js';
import { InventoryModule } from './inventory.module.js';
import { StockReceiptsController } from './receipts/http/stock-receipts.controller.js';
import { StockLevelsController } from './stock/http/stock-levels.controller.js';
import { StockMovementsController } from './stock/http/stock-movements.controller.js';
import { WarehousesController } from './warehouses/http/warehouses.controller.js';

/** The inventory endpoints. */
@Module({
  imports: [InventoryModule],
  controllers: [
    WarehousesController,
    StockReceiptsController,
    StockAdjustmentsController,
    StockLevelsController,
    StockMovementsController,
  ],
})
export class InventoryHttpModule {}
