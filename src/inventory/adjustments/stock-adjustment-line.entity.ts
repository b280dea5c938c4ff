import { minorUnits, TenantEntity } from '#libs/database';
import { Column, Entity } from 'typeorm';

/** Units of one product found or lost. */
@Entity('stock_adjustment_line')
export class StockAdjustmentLine extends TenantEntity {
  @Column({ type: 'uuid', name: 'adjustment_id' })
  adjustmentId!: string;

  /** From 1, in the order given. */
  @Column({ type: 'integer', name: 'line_no' })
  lineNo!: number;

  @Column({ type: 'uuid', name: 'product_id' })
  productId!: string;

  /** Units found (positive) or lost (negative). */
  @Column({ type: 'integer' })
  quantity!: number;

  @Column({ type: 'text' })
  reason!: string;

  /** In 1/10,000 of the currency's major unit; null where units entered at the average, or left. */
  @Column({ type: 'bigint', name: 'unit_cost_e4', transformer: minorUnits })
  unitCostE4: bigint | null = null;

  /** Change of the stock's value, signed, in minor units. */
  @Column({ type: 'bigint', name: 'value_minor', transformer: minorUnits })
  valueMinor!: bigint;
}
