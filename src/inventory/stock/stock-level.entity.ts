import { minorUnits, TenantEntity, wholeNumber } from '#libs/database';
import { inMinorRange, shareOf, wholeQuantity } from '#libs/kernel';
import { Column, Entity } from 'typeorm';
import { StockInsufficient, StockNotReserved } from './stock.errors.js';

/**
 * What one warehouse holds of one product, and what it is worth (moving average by value pool).
 * Change it under its row lock only: take levels from `StockLevels.lock`.
 */
@Entity('stock_level')
export class StockLevel extends TenantEntity {
  @Column({ type: 'uuid', name: 'product_id', update: false })
  productId!: string;

  @Column({ type: 'uuid', name: 'warehouse_id', update: false })
  warehouseId!: string;

  /** Units that are physically there. */
  @Column({ type: 'bigint', name: 'on_hand', transformer: wholeNumber })
  onHand: number = 0;

  /** Units of these that are promised to orders. */
  @Column({ type: 'bigint', transformer: wholeNumber })
  reserved: number = 0;

  /** What the units on hand cost, in minor units. Zero when there are none. */
  @Column({ type: 'bigint', name: 'value_minor', transformer: minorUnits })
  valueMinor: bigint = 0n;

  /** What the last units cost that emptied the level, in minor units: their cost is remembered. Null until then. */
  @Column({ type: 'bigint', name: 'last_value_minor', transformer: minorUnits })
  lastValueMinor: bigint | null = null;

  /** How many units that were. */
  @Column({ type: 'bigint', name: 'last_quantity', transformer: wholeNumber })
  lastQuantity: number | null = null;

  /** Units that can still be promised. */
  get available(): number {
    return this.onHand - this.reserved;
  }

  /** Promises as many of `quantity` units as are available, and tells how many. */
  reserveUpTo(quantity: number): number {
    const taken = Math.min(quantity, this.available);
    this.reserved += taken;
    return taken;
  }

  /** Takes back a promise. @throws StockNotReserved */
  release(quantity: number): void {
    if (quantity > this.reserved) throw new StockNotReserved(this.productId, this.warehouseId, quantity, this.reserved);
    this.reserved -= quantity;
  }

  /** Units come in and are worth `valueMinor` together. @throws InvalidQuantity, MoneyOutOfRange when it gets too much */
  receive(quantity: number, valueMinor: bigint): void {
    wholeQuantity(this.onHand + quantity);
    this.onHand += quantity;
    this.valueMinor = inMinorRange(this.valueMinor + valueMinor);
  }

  /**
   * Units that nobody was promised go out. Tells what they cost: value × quantity ÷ on hand, half-even; the last ones
   * take all the value that is left (issue 2, section 5).
   * @throws StockInsufficient
   */
  issue(quantity: number): bigint {
    if (quantity > this.available) {
      throw new StockInsufficient(this.productId, this.warehouseId, quantity, this.available);
    }
    const cost = shareOf(this.valueMinor, quantity, this.onHand);
    if (quantity === this.onHand) {
      this.lastValueMinor = cost;
      this.lastQuantity = quantity;
    }
    this.onHand -= quantity;
    this.valueMinor -= cost;
    return cost;
  }

  /**
   * Units go out of which `reserved` were promised to the order that is shipped. Tells what they cost, as
   * {@link issue} does. @throws StockNotReserved, StockInsufficient
   */
  ship(quantity: number, reserved: number): bigint {
    this.release(reserved);
    return this.issue(quantity);
  }

  /**
   * Corrects the level by units found (positive) or lost (negative) and tells the change of value, of the same sign.
   * @param valueMinor what found units are worth; default: {@link averageValueOf} them
   * @throws StockInsufficient when more are lost than are available
   */
  adjust(quantity: number, valueMinor?: bigint): bigint {
    if (quantity < 0) return -this.issue(-quantity);
    const value = valueMinor ?? this.averageValueOf(quantity);
    this.receive(quantity, value);
    return value;
  }

  /** What `quantity` units are worth at the current average: at the last known cost when there are none, else nothing. */
  averageValueOf(quantity: number): bigint {
    if (this.onHand > 0) return shareOf(this.valueMinor, quantity, this.onHand);
    return this.lastQuantity === null ? 0n : shareOf(this.lastValueMinor ?? 0n, quantity, this.lastQuantity);
  }
}
