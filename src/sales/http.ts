import { Module } from '@nestjs/common';
import { SalesOrderStepsController } from './orders/http/sales-order-steps.controller.js';
import { SalesOrdersController } from './orders/http/sales-orders.controller.js';
import { SalesModule } from './sales.module.js';
import { SalesShipmentsController } from './shipments/http/sales-shipments.controller.js';

/** Sales over HTTP. */
@Module({
  imports: [SalesModule],
  controllers: [SalesOrdersController, SalesOrderStepsController, SalesShipmentsController],
})
export class SalesHttpModule {}
