import { minorUnits, TenantEntity } from '#libs/database';
import { Column, Entity } from 'typeorm';

/** Bought, or there when the books were opened. */
export type StockReceiptKind = 'receipt' | 'opening';

/** Stock that came in: a delivery, or what was there when the books were opened. A fact: recorded once, never changed. */
@Entity('stock_receipt')
export class StockReceipt extends TenantEntity {
  @Column({ type: 'text' })
  kind!: StockReceiptKind;

  @Column({ type: 'uuid', name: 'warehouse_id' })
  warehouseId!: string;

  @Column({ type: 'date', name: 'business_date' })
  businessDate!: string;

  /** What people call it, e.g. the supplier's delivery note. */
  @Column({ type: 'text' })
  reference: string | null = null;

  /** Its name in the system it came from; unique within the tenant. */
  @Column({ type: 'text', name: 'external_ref' })
  externalRef: string | null = null;

  @Column({ type: 'char', length: 3 })
  currency!: string;

  /** Σ of the lines, in minor units. */
  @Column({ type: 'bigint', name: 'value_minor', transformer: minorUnits })
  valueMinor!: bigint;
}
