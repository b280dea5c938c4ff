import { minorUnits, TenantEntity } from '#libs/database';
import { Column, Entity } from 'typeorm';

/** Units of one product that came in. */
@Entity('stock_receipt_line')
export class StockReceiptLine extends TenantEntity {
  @Column({ type: 'uuid', name: 'receipt_id' })
  receiptId!: string;

  /** From 1, in the order given. */
  @Column({ type: 'integer', name: 'line_no' })
  lineNo!: number;

  @Column({ type: 'uuid', name: 'product_id' })
  productId!: string;

  @Column({ type: 'integer' })
  quantity!: number;

  /** In 1/10,000 of the currency's major unit. */
  @Column({ type: 'bigint', name: 'unit_cost_e4', transformer: minorUnits })
  unitCostE4!: bigint;

  /** Unit cost × quantity, half-even, in minor units. */
  @Column({ type: 'bigint', name: 'value_minor', transformer: minorUnits })
  valueMinor!: bigint;
}
