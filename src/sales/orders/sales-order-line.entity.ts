import { Column, Entity } from 'typeorm';
import { minorUnits, TenantEntity } from '#libs/database';
import { type LineKind, type LineQuantities, openQuantity, unreservedQuantity } from './line-quantities.js';
import { type QuantityPurpose, SalesOrderQuantityExceeded } from './sales-order.errors.js';

/**
 * One line of a sales order. What was agreed (product, name, price, tax) is a snapshot and never changes once written;
 * what happened to it since is in the quantities.
 */
@Entity('sales_order_line')
export class SalesOrderLine extends TenantEntity implements LineQuantities {
  @Column({ type: 'uuid', name: 'order_id', update: false })
  orderId!: string;

  /** From 1, in the order given. */
  @Column({ type: 'integer', name: 'line_no', update: false })
  lineNo!: number;

  /** Null for a service that is not in the catalogue: a discount, a fee. */
  @Column({ type: 'uuid', name: 'product_id', nullable: true, update: false })
  productId!: string | null;

  @Column({ type: 'text', update: false })
  kind!: LineKind;

  @Column({ type: 'text', update: false })
  sku!: string;

  @Column({ type: 'text', update: false })
  name!: string;

  /** 1/10,000 of the currency's major unit, without tax in price mode `net`, with tax in `gross`. */
  @Column({ type: 'bigint', name: 'unit_price_e4', transformer: minorUnits, update: false })
  unitPriceE4!: bigint;

  @Column({ type: 'text', name: 'tax_code', update: false })
  taxCode!: string;

  /** Parts per million: 20 % is 200,000. */
  @Column({ type: 'integer', name: 'tax_rate_ppm', update: false })
  taxRatePpm!: number;

  /** Price × ordered, rounded half-even; in the order's price mode. */
  @Column({ type: 'bigint', name: 'amount_minor', transformer: minorUnits, update: false })
  amountMinor!: bigint;

  @Column({ type: 'integer', update: false })
  ordered!: number;

  @Column('integer')
  reserved: number = 0;

  @Column('integer')
  shipped: number = 0;

  @Column('integer')
  cancelled: number = 0;

  @Column('integer')
  invoiced: number = 0;

  @Column('integer')
  credited: number = 0;

  @Column('integer')
  returned: number = 0;

  /** Neither shipped nor cancelled. */
  get open(): number {
    return openQuantity(this);
  }

  /** Waiting for stock. */
  get backordered(): number {
    return unreservedQuantity(this);
  }

  /**
   * Cancels, first what is not reserved; gives how many reserved units that sets free.
   * @throws SalesOrderQuantityExceeded for more than is open
   */
  cancel(quantity: number): number {
    this.atMost('cancel', quantity, this.open);
    const released = this.kind === 'goods' ? Math.max(0, quantity - this.backordered) : 0;
    this.cancelled += quantity;
    this.reserved -= released;
    return released;
  }

  /** Ships goods that are reserved, or services that are open. @throws SalesOrderQuantityExceeded */
  ship(quantity: number): void {
    this.atMost('ship', quantity, this.kind === 'goods' ? this.reserved : this.open);
    this.shipped += quantity;
    if (this.kind === 'goods') this.reserved -= quantity;
  }

  /** @throws SalesOrderQuantityExceeded for more than was ordered */
  recordInvoiced(quantity: number): void {
    this.atMost('invoice', quantity, this.ordered - this.invoiced);
    this.invoiced += quantity;
  }

  /** @throws SalesOrderQuantityExceeded for more than was invoiced */
  recordCredited(quantity: number): void {
    this.atMost('credit', quantity, this.invoiced - this.credited);
    this.credited += quantity;
  }

  /** @throws SalesOrderQuantityExceeded for more than was shipped */
  recordReturned(quantity: number): void {
    this.atMost('return', quantity, this.shipped - this.returned);
    this.returned += quantity;
  }

  private atMost(purpose: QuantityPurpose, requested: number, available: number): void {
    if (!Number.isSafeInteger(requested) || requested < 1) {
      throw new RangeError(`a quantity to ${purpose} is a whole number from 1, not ${requested}`);
    }
    if (requested > available) throw new SalesOrderQuantityExceeded(purpose, this.id, requested, available);
  }
}
