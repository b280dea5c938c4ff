import { Module } from '@nestjs/common';
import { InventoryModule } from './inventory.module.js';
import { StockReservationConsumer } from './stock/jobs/stock-reservation.consumer.js';

/** Inventory's consumers, for the worker. */
@Module({ imports: [InventoryModule], providers: [StockReservationConsumer] })
export class InventoryJobsModule {}
