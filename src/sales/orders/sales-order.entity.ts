import { Column, Entity } from 'typeorm';
import { minorUnits, VersionedEntity } from '#libs/database';
import type { TaxMode } from '#libs/kernel';
import type { PostalAddress } from './postal-address.js';
import { remainingTotalMinor } from './remaining-total.js';
import type { SalesOrderLine } from './sales-order-line.entity.js';
import {
  SalesOrderLineNotFound,
  SalesOrderLineRepeated,
  SalesOrderNotCancellable,
  SalesOrderNotConfirmable,
  SalesOrderNotEditable,
  SalesOrderNotShippable,
  SalesOrderTotalNegative,
} from './sales-order.errors.js';
import { deriveStatus, type SalesOrderStatus } from './sales-order.status.js';

/** So much of a line. */
export interface LineQuantity {
  readonly lineId: string;
  /** Whole units, from 1. */
  readonly quantity: number;
}

/** What a cancellation did to a line. */
export interface CancelledLine {
  readonly line: SalesOrderLine;
  readonly quantity: number;
  /** Reserved units that were set free. */
  readonly released: number;
}

/** What leaves with a shipment. */
export interface ShippedLine {
  readonly line: SalesOrderLine;
  readonly quantity: number;
}

/** A customer's order. Its status follows from its lines; every method that moves a quantity derives it anew. */
@Entity('sales_order')
export class SalesOrder extends VersionedEntity {
  /** `SO-2026-000001`: gapless per tenant and local year. */
  @Column({ type: 'text', update: false })
  number!: string;

  @Column({ type: 'uuid', name: 'customer_id' })
  customerId!: string;

  /** Where the goods come from. */
  @Column({ type: 'uuid', name: 'warehouse_id' })
  warehouseId!: string;

  @Column('text')
  status: SalesOrderStatus = 'draft';

  @Column({ type: 'char', length: 3, update: false })
  currency!: string;

  @Column({ type: 'text', name: 'price_mode' })
  priceMode!: TaxMode;

  /** The tenant's local date. */
  @Column({ type: 'date', name: 'ordered_on' })
  orderedOn!: string;

  @Column({ type: 'timestamptz', name: 'confirmed_at', nullable: true })
  confirmedAt: Date | null = null;

  /** When stock was first asked for; from then on what is not reserved is a backorder. */
  @Column({ type: 'timestamptz', name: 'reservation_attempted_at', nullable: true })
  reservationAttemptedAt: Date | null = null;

  @Column({ type: 'bigint', name: 'net_minor', transformer: minorUnits })
  netMinor!: bigint;

  @Column({ type: 'bigint', name: 'tax_minor', transformer: minorUnits })
  taxMinor!: bigint;

  @Column({ type: 'bigint', name: 'total_minor', transformer: minorUnits })
  totalMinor!: bigint;

  @Column({ type: 'text', name: 'external_ref', nullable: true })
  externalRef: string | null = null;

  @Column({ type: 'text', name: 'customer_name' })
  customerName!: string;

  @Column({ type: 'text', name: 'customer_email', nullable: true })
  customerEmail: string | null = null;

  @Column({ type: 'jsonb', name: 'billing_address', nullable: true })
  billingAddress: PostalAddress | null = null;

  @Column({ type: 'jsonb', name: 'shipping_address', nullable: true })
  shippingAddress: PostalAddress | null = null;

  @Column({ type: 'text', nullable: true })
  note: string | null = null;

  /** In the order of their numbers. Filled by the repository; a table of their own. */
  lines: SalesOrderLine[] = [];

  /** Makes a draft binding. @throws SalesOrderNotConfirmable unless it is a draft */
  confirm(at: Date): void {
    if (this.status !== 'draft') throw new SalesOrderNotConfirmable(this.id, this.status);
    this.confirmedAt = at;
    this.refreshStatus();
  }

  /** @throws SalesOrderNotEditable unless it is a draft */
  requireEditable(): void {
    if (this.status !== 'draft') throw new SalesOrderNotEditable(this.id, this.status);
  }

  /**
   * Cancels what is named, or all that is neither shipped nor cancelled. A draft can only be cancelled whole.
   * @throws SalesOrderNotCancellable, SalesOrderQuantityExceeded, SalesOrderLineNotFound, SalesOrderTotalNegative when
   * discounts would outweigh what is left
   */
  cancel(requested?: readonly LineQuantity[]): CancelledLine[] {
    const isDraft = this.status === 'draft';
    if (isDraft && requested) throw new SalesOrderNotCancellable(this.id, this.status, 'draft_in_part');
    const chosen = requested
      ? this.choose(requested)
      : this.lines.filter((line) => line.open > 0).map((line) => ({ line, quantity: line.open }));
    if (chosen.length === 0) throw new SalesOrderNotCancellable(this.id, this.status, 'nothing_open');
    const done = chosen.map(({ line, quantity }) => ({ line, quantity, released: line.cancel(quantity) }));
    if (this.lines.some((line) => line.unitPriceE4 < 0n) && remainingTotalMinor(this) < 0n) {
      throw new SalesOrderTotalNegative();
    }
    this.refreshStatus();
    return done;
  }

  /**
   * Ships what is named, or all that is reserved. Open services leave with the last goods.
   * @throws SalesOrderNotShippable, SalesOrderQuantityExceeded, SalesOrderLineNotFound
   */
  ship(requested?: readonly LineQuantity[]): ShippedLine[] {
    if (this.confirmedAt === null) throw new SalesOrderNotShippable(this.id, this.status);
    const goods = requested
      ? this.choose(requested)
      : this.lines.filter((line) => line.reserved > 0).map((line) => ({ line, quantity: line.reserved }));
    for (const { line, quantity } of goods) line.ship(quantity);
    const shipped = [...goods, ...this.shipServicesWithLastGoods(new Set(goods.map(({ line }) => line)))];
    if (shipped.length === 0) throw new SalesOrderNotShippable(this.id, this.status);
    this.refreshStatus();
    return shipped;
  }

  /** Stock was asked for, and this is what was there; 0 included. */
  recordReserved(quantities: readonly LineQuantity[], at: Date): void {
    for (const { line, quantity } of this.choose(quantities)) line.reserved += quantity;
    this.reservationAttemptedAt ??= at;
    this.refreshStatus();
  }

  /** @throws SalesOrderQuantityExceeded, SalesOrderLineNotFound */
  recordInvoiced(quantities: readonly LineQuantity[]): SalesOrderLine[] {
    return this.record(quantities, (line, quantity) => line.recordInvoiced(quantity));
  }

  /** @throws SalesOrderQuantityExceeded, SalesOrderLineNotFound */
  recordCredited(quantities: readonly LineQuantity[]): SalesOrderLine[] {
    return this.record(quantities, (line, quantity) => line.recordCredited(quantity));
  }

  /** @throws SalesOrderQuantityExceeded, SalesOrderLineNotFound */
  recordReturned(quantities: readonly LineQuantity[]): SalesOrderLine[] {
    return this.record(quantities, (line, quantity) => line.recordReturned(quantity));
  }

  /** The lines that are named. @throws SalesOrderLineNotFound, SalesOrderLineRepeated */
  choose(quantities: readonly LineQuantity[]): { line: SalesOrderLine; quantity: number }[] {
    const byId = new Map(this.lines.map((line) => [line.id, line]));
    const seen = new Set<string>();
    return quantities.map(({ lineId, quantity }) => {
      const line = byId.get(lineId);
      if (!line) throw new SalesOrderLineNotFound(lineId);
      if (seen.has(lineId)) throw new SalesOrderLineRepeated(lineId);
      seen.add(lineId);
      return { line, quantity };
    });
  }

  /** What the lines say. */
  get derivedStatus(): SalesOrderStatus {
    const { confirmedAt, reservationAttemptedAt, lines } = this;
    return deriveStatus({
      confirmed: confirmedAt !== null,
      reservationAttempted: reservationAttemptedAt !== null,
      lines,
    });
  }

  private record(
    quantities: readonly LineQuantity[],
    apply: (line: SalesOrderLine, quantity: number) => void,
  ): SalesOrderLine[] {
    const chosen = this.choose(quantities);
    for (const { line, quantity } of chosen) apply(line, quantity);
    this.refreshStatus();
    return chosen.map(({ line }) => line);
  }

  private shipServicesWithLastGoods(named: ReadonlySet<SalesOrderLine>): ShippedLine[] {
    if (this.lines.some((line) => line.kind === 'goods' && line.open > 0)) return [];
    const services = this.lines.filter((line) => line.kind === 'service' && line.open > 0 && !named.has(line));
    return services.map((line) => {
      const quantity = line.open;
      line.ship(quantity);
      return { line, quantity };
    });
  }

  private refreshStatus(): void {
    this.status = this.derivedStatus;
  }
}
