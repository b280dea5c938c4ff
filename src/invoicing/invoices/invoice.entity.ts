import { Column, Entity } from 'typeorm';
import { minorUnits } from '#libs/database';
import { creditedShare } from '#libs/kernel';
import { InvoiceLineOvercredited } from './invoice.errors.js';
import { SalesDocument, SalesDocumentLine, SalesDocumentTax } from './sales-document.entity.js';

/** An invoice. */
@Entity('invoice')
export class Invoice extends SalesDocument {
  /** The order it bills; an order has one invoice. */
  @Column({ type: 'uuid', name: 'order_id', nullable: true, update: false })
  orderId!: string | null;

  @Column({ type: 'text', name: 'order_number', nullable: true, update: false })
  orderNumber!: string | null;

  /** When goods or services were supplied or paid for: what decides the tax. */
  @Column({ type: 'date', name: 'supply_on', update: false })
  supplyOn!: string;

  @Column({ type: 'date', name: 'due_on', update: false })
  dueOn!: string;

  /** Set by the repository; tables of their own. */
  lines: InvoiceLine[] = [];
  taxes: InvoiceTax[] = [];
}

/** One line of an invoice, and what was credited of it since. */
@Entity('invoice_line')
export class InvoiceLine extends SalesDocumentLine {
  @Column({ type: 'uuid', name: 'invoice_id', update: false })
  invoiceId!: string;

  @Column({ type: 'uuid', name: 'order_line_id', nullable: true, update: false })
  orderLineId!: string | null;

  @Column({ type: 'integer', name: 'credited_quantity' })
  creditedQuantity: number = 0;

  @Column({ type: 'bigint', name: 'credited_minor', transformer: minorUnits })
  creditedMinor: bigint = 0n;

  /** Not credited yet. */
  get creditable(): number {
    return this.quantity - this.creditedQuantity;
  }

  /**
   * Credits so many units; gives their amount, such that all credits add up to the line exactly.
   * @throws InvoiceLineOvercredited
   */
  credit(quantity: number): bigint {
    if (quantity > this.creditable) throw new InvoiceLineOvercredited(this.id, quantity, this.creditable);
    const amount = creditedShare(this.amountMinor, this.quantity, this.creditedQuantity, this.creditedMinor, quantity);
    this.creditedQuantity += quantity;
    this.creditedMinor += amount;
    return amount;
  }
}

/** The tax of one code and rate on an invoice, and what was credited of it since. */
@Entity('invoice_tax')
export class InvoiceTax extends SalesDocumentTax {
  @Column({ type: 'uuid', name: 'invoice_id', update: false })
  invoiceId!: string;

  @Column({ type: 'bigint', name: 'credited_base_minor', transformer: minorUnits })
  creditedBaseMinor: bigint = 0n;

  @Column({ type: 'bigint', name: 'credited_tax_minor', transformer: minorUnits })
  creditedTaxMinor: bigint = 0n;
}
