import type { CapabilitySchema } from '#libs/database';
import { Sales1763600600000 } from './migrations/1763600600000-sales.js';
import { SalesTimes1763701300000 } from './migrations/1763701300000-sales-times.js';
import { SalesOrderLine } from './orders/sales-order-line.entity.js';
import { SalesOrder } from './orders/sales-order.entity.js';
import { SalesShipmentLine } from './shipments/sales-shipment-line.entity.js';
import { SalesShipment } from './shipments/sales-shipment.entity.js';

/** The tables of sales, in the tenant databases. */
export const salesSchema: CapabilitySchema = {
  entities: [SalesOrder, SalesOrderLine, SalesShipment, SalesShipmentLine],
  migrations: [Sales1763600600000, SalesTimes1763701300000],
};
