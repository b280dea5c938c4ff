import { Column, Entity } from 'typeorm';
import { SalesDocument, SalesDocumentLine, SalesDocumentTax } from '../invoices/sales-document.entity.js';

/** Why something is credited. */
export const CREDIT_REASONS = ['cancellation', 'return', 'goodwill'] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];

/** A credit note. Amounts are positive: what the customer gets back. */
@Entity('credit_note')
export class CreditNote extends SalesDocument {
  /** The invoice it credits; null when it credits several or none that is known. */
  @Column({ type: 'uuid', name: 'invoice_id', nullable: true, update: false })
  invoiceId!: string | null;

  @Column({ type: 'text', update: false })
  reason!: CreditReason;

  @Column({ type: 'text', nullable: true, update: false })
  note!: string | null;

  /** Whether any goods came back into stock with it. */
  @Column({ type: 'boolean', name: 'goods_returned', update: false })
  goodsReturned!: boolean;

  /** Set by the repository; tables of their own. */
  lines: CreditNoteLine[] = [];
  taxes: CreditNoteTax[] = [];
}

/** One line of a credit note. */
@Entity('credit_note_line')
export class CreditNoteLine extends SalesDocumentLine {
  @Column({ type: 'uuid', name: 'credit_note_id', update: false })
  creditNoteId!: string;

  /** The line it credits; null when none is known. */
  @Column({ type: 'uuid', name: 'invoice_line_id', nullable: true, update: false })
  invoiceLineId!: string | null;

  @Column({ type: 'boolean', name: 'goods_returned', update: false })
  goodsReturned!: boolean;
}

/** The tax of one code and rate on a credit note. */
@Entity('credit_note_tax')
export class CreditNoteTax extends SalesDocumentTax {
  @Column({ type: 'uuid', name: 'credit_note_id', update: false })
  creditNoteId!: string;
}
