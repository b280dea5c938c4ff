import { Module, type OnModuleInit } from '@nestjs/common';
import { CatalogModule } from '#erp/catalog';
import { CustomersModule } from '#erp/customers';
import { InventoryModule, StockDemandSource } from '#erp/inventory';
import { NumberingModule } from '#libs/numbering';
import { LockOrderForBilling } from './billing/lock-order-for-billing.js';
import { RecordCredited } from './billing/record-credited.js';
import { RecordInvoiced } from './billing/record-invoiced.js';
import { RecordReturned } from './billing/record-returned.js';
import { OrderBooksCheck } from './books/order-books-check.js';
import { OrderFaults } from './books/order-faults.queries.js';
import { CancelSalesOrder } from './orders/cancel-sales-order.js';
import { ConfirmSalesOrder } from './orders/confirm-sales-order.js';
import { OrderPartiesFinder } from './orders/order-parties.js';
import { PlaceSalesOrder } from './orders/place-sales-order.js';
import { SalesOrderLinesRepository } from './orders/sales-order-lines.repository.js';
import { SalesOrderQueries } from './orders/sales-order.queries.js';
import { SalesOrdersRepository } from './orders/sales-orders.repository.js';
import { UpdateDraftOrder } from './orders/update-draft-order.js';
import { SalesShipmentQueries } from './shipments/sales-shipment.queries.js';
import { SalesShipmentLinesRepository, SalesShipmentsRepository } from './shipments/sales-shipments.repository.js';
import { ShipSalesOrder } from './shipments/ship-sales-order.js';
import { OrderStock } from './stock/order-stock.js';
import { SalesStockDemands } from './stock/sales-stock-demands.js';

const verbs = [PlaceSalesOrder, UpdateDraftOrder, ConfirmSalesOrder, CancelSalesOrder, ShipSalesOrder];
const billing = [LockOrderForBilling, RecordInvoiced, RecordCredited, RecordReturned];
const queries = [SalesOrderQueries, SalesShipmentQueries, OrderBooksCheck];

/** What customers ordered and what was shipped of it. */
@Module({
  imports: [CatalogModule, CustomersModule, InventoryModule, NumberingModule],
  providers: [
    SalesOrderLinesRepository,
    SalesOrdersRepository,
    SalesShipmentLinesRepository,
    SalesShipmentsRepository,
    OrderPartiesFinder,
    OrderStock,
    SalesStockDemands,
    OrderFaults,
    ...verbs,
    ...billing,
    ...queries,
  ],
  exports: [...verbs, ...billing, ...queries],
})
export class SalesModule implements OnModuleInit {
  constructor(
    private readonly source: StockDemandSource,
    private readonly demands: SalesStockDemands,
  ) {}

  /** Inventory asks through its port; sales answers. */
  onModuleInit(): void {
    this.source.register(this.demands);
  }
}
