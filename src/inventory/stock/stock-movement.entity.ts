import { minorUnits, TenantEntity, wholeNumber } from '#libs/database';
import { Column, Entity } from 'typeorm';

/** Why stock changed. */
export type MovementKind = 'receipt' | 'adjustment' | 'shipment' | 'return' | 'opening';

/** What kind of document `documentId` is the id of. */
export type StockDocumentType = 'stock_receipt' | 'stock_adjustment' | 'sales_shipment' | 'sales_return';

/**
 * One change of one level. Facts: inserted, never changed; a level is the sum of its movements. Partitioned by the
 * time it was recorded, which says nothing about the business date.
 */
@Entity('stock_movement')
export class StockMovement extends TenantEntity {
  /** When it was written down, which decides the partition: the machine's time, also for documents of the past. */
  @Column({ type: 'timestamptz', name: 'recorded_at' })
  recordedAt: Date = this.createdAt;

  @Column({ type: 'date', name: 'business_date' })
  businessDate!: string;

  @Column({ type: 'text' })
  kind!: MovementKind;

  @Column({ type: 'uuid', name: 'product_id' })
  productId!: string;

  @Column({ type: 'uuid', name: 'warehouse_id' })
  warehouseId!: string;

  /** Units in (positive) or out (negative). */
  @Column({ type: 'bigint', transformer: wholeNumber })
  quantity!: number;

  /** Change of the level's value in minor units; never of the other sign than the quantity. */
  @Column({ type: 'bigint', name: 'value_minor', transformer: minorUnits })
  valueMinor!: bigint;

  @Column({ type: 'text', name: 'document_type' })
  documentType!: StockDocumentType;

  @Column({ type: 'uuid', name: 'document_id' })
  documentId!: string;

  /** The document's line. */
  @Column({ type: 'uuid', name: 'line_id' })
  lineId!: string;
}
