import type { CreditNote } from '../credit-notes/credit-note.entity.js';
import type { Invoice } from '../invoices/invoice.entity.js';
import type { InvoiceDocument, InvoiceParty } from '../invoices/pdf/invoice-document.js';
import type {
  DocumentParty,
  SalesDocument,
  SalesDocumentLine,
  SalesDocumentTax,
} from '../invoices/sales-document.entity.js';

/** What an invoice says on paper. */
export function invoiceContent(invoice: Invoice): InvoiceDocument {
  return {
    ...content(invoice, invoice.lines, invoice.taxes),
    kind: 'invoice',
    supplyDate: invoice.supplyOn,
    dueDate: invoice.dueOn,
    originalInvoice: null,
    orderNumber: invoice.orderNumber,
    paymentTerms: `Payable by ${invoice.dueOn}, quoting ${invoice.number}.`,
    remarks: null,
  };
}

/** What a credit note says on paper. */
export function creditNoteContent(note: CreditNote, original: Invoice | null): InvoiceDocument {
  return {
    ...content(note, note.lines, note.taxes),
    kind: 'credit_note',
    supplyDate: null,
    dueDate: null,
    originalInvoice: original && { number: original.number, issueDate: original.issuedOn },
    orderNumber: original?.orderNumber ?? null,
    paymentTerms: null,
    remarks: note.note,
  };
}

function content(document: SalesDocument, lines: readonly SalesDocumentLine[], taxes: readonly SalesDocumentTax[]) {
  const { number, issuedAt, issuedOn, currency, priceMode, seller, buyer, netMinor, taxMinor, totalMinor } = document;
  return {
    number,
    issuedAt,
    issueDate: issuedOn,
    customerNumber: buyer.number,
    currency,
    taxMode: priceMode,
    seller: party(seller),
    buyer: party(buyer),
    lines: lines.map((line) => ({
      position: line.lineNo,
      sku: line.sku,
      description: line.name,
      quantity: line.quantity,
      unitPriceE4: line.unitPriceE4,
      taxCode: line.taxCode,
      ratePpm: line.taxRatePpm,
      amountMinor: line.amountMinor,
    })),
    taxes: taxes.map(({ code, ratePpm, baseMinor, taxMinor: tax }) => ({ code, ratePpm, baseMinor, taxMinor: tax })),
    netMinor,
    taxMinor,
    totalMinor,
    closing: seller.footer,
  };
}

function party({ name, addressLines, country, taxNumber, email }: DocumentParty): InvoiceParty {
  return { name, addressLines, country, taxNumber, email };
}
