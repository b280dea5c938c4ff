import { Column, Entity } from 'typeorm';
import { TenantEntity } from '#libs/database';
import type { SalesShipmentLine } from './sales-shipment-line.entity.js';

/** What left for the customer at once. A fact: never changed afterwards. */
@Entity('sales_shipment')
export class SalesShipment extends TenantEntity {
  @Column({ type: 'uuid', name: 'order_id', update: false })
  orderId!: string;

  /** From 1 per order, without gaps. */
  @Column({ type: 'integer', name: 'shipment_no', update: false })
  shipmentNo!: number;

  /** The order's number and the shipment's: `SO-2026-000001-S1`. */
  @Column({ type: 'text', update: false })
  number!: string;

  @Column({ type: 'uuid', name: 'warehouse_id', update: false })
  warehouseId!: string;

  /** The tenant's local date. */
  @Column({ type: 'date', name: 'shipped_on', update: false })
  shippedOn!: string;

  /** In the order of the order's lines. Filled by the repository. */
  lines: SalesShipmentLine[] = [];
}
