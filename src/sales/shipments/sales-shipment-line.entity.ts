import { Column, Entity } from 'typeorm';
import { minorUnits, TenantEntity } from '#libs/database';
import { creditedShare } from '#libs/kernel';

/** How many units of an order line left with a shipment, at which cost, and how many came back. */
@Entity('sales_shipment_line')
export class SalesShipmentLine extends TenantEntity {
  @Column({ type: 'uuid', name: 'shipment_id', update: false })
  shipmentId!: string;

  @Column({ type: 'uuid', name: 'order_line_id', update: false })
  orderLineId!: string;

  @Column({ type: 'integer', update: false })
  quantity!: number;

  /** Stock value that left with the goods; 0 for services. */
  @Column({ type: 'bigint', name: 'cost_minor', transformer: minorUnits, update: false })
  costMinor!: bigint;

  @Column('integer')
  returned: number = 0;

  /** Stock value that came back; all of `costMinor` once all units are back. */
  @Column({ type: 'bigint', name: 'returned_cost_minor', transformer: minorUnits })
  returnedCostMinor: bigint = 0n;

  /** Shipped and still with the customer. */
  get outstanding(): number {
    return this.quantity - this.returned;
  }

  /** Takes units back and gives the cost they left with. Returns in whatever pieces add up to that cost exactly. */
  takeBack(quantity: number): bigint {
    const costMinor = creditedShare(this.costMinor, this.quantity, this.returned, this.returnedCostMinor, quantity);
    this.returned += quantity;
    this.returnedCostMinor += costMinor;
    return costMinor;
  }
}
