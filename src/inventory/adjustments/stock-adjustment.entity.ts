import { minorUnits, TenantEntity } from '#libs/database';
import { Column, Entity } from 'typeorm';

/** A correction of the stock by counting, loss or find. A fact: recorded once, never changed. */
@Entity('stock_adjustment')
export class StockAdjustment extends TenantEntity {
  @Column({ type: 'uuid', name: 'warehouse_id' })
  warehouseId!: string;

  @Column({ type: 'date', name: 'business_date' })
  businessDate!: string;

  /** What people call it, e.g. the count sheet. */
  @Column({ type: 'text' })
  reference: string | null = null;

  /** Its name in the system it came from; unique within the tenant. */
  @Column({ type: 'text', name: 'external_ref' })
  externalRef: string | null = null;

  @Column({ type: 'char', length: 3 })
  currency!: string;

  /** Σ of the lines, signed, in minor units. */
  @Column({ type: 'bigint', name: 'value_minor', transformer: minorUnits })
  valueMinor!: bigint;
}
