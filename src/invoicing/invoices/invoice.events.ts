import { DomainEvent } from '#libs/events';
import type { CreditNote } from '../credit-notes/credit-note.entity.js';
import type { Invoice } from './invoice.entity.js';
import type { SalesDocument, SalesDocumentTax } from './sales-document.entity.js';

/** An invoice was issued. */
export class InvoiceIssued extends DomainEvent {
  static readonly type = 'invoicing.invoice.issued';
  readonly aggregateType = 'invoicing.invoice';
  constructor(invoice: Invoice) {
    super(
      invoice.id,
      { ...factsOf(invoice, invoice.taxes), orderId: invoice.orderId, goodsReturned: false },
      invoice.issuedAt,
    );
  }
}

/** A credit note was issued. */
export class CreditNoteIssued extends DomainEvent {
  static readonly type = 'invoicing.credit_note.issued';
  readonly aggregateType = 'invoicing.credit_note';
  constructor(note: CreditNote) {
    super(
      note.id,
      { ...factsOf(note, note.taxes), invoiceId: note.invoiceId, goodsReturned: note.goodsReturned },
      note.issuedAt,
    );
  }
}

function factsOf(document: SalesDocument, taxes: readonly SalesDocumentTax[]) {
  const { id, number, issuedOn, currency, netMinor, taxMinor, totalMinor, customerId } = document;
  return {
    documentId: id,
    number,
    businessDate: issuedOn,
    currency,
    netMinor: String(netMinor),
    taxMinor: String(taxMinor),
    totalMinor: String(totalMinor),
    taxes: taxes.map((tax) => ({
      code: tax.code,
      ratePpm: tax.ratePpm,
      baseMinor: String(tax.baseMinor),
      taxMinor: String(tax.taxMinor),
    })),
    customerId,
  };
}
