/** Invoices and credit notes: numbered without gaps, never changed, in PDF. */
export { BillOrder, type Billing } from './billing/bill-order.js';
export { PrepareBilling } from './billing/prepare-billing.js';
export { InvoicingBooksCheck } from './books-checks.js';
export { CreditNoteNotFound } from './credit-notes/credit-note.errors.js';
export { CreditNoteQueries } from './credit-notes/credit-note.queries.js';
export { CreditableLineQueries, type CreditableLine } from './credit-notes/creditable-lines.queries.js';
export { IssueCollectiveCreditNote } from './credit-notes/issue-collective-credit-note.js';
export { IssueCreditNote } from './credit-notes/issue-credit-note.js';
export type {
  CreditedLine,
  FreeCreditLine,
  NewCollectiveCreditNote,
  NewCreditNote,
} from './credit-notes/new-credit-note.js';
export { InvoiceNotFound } from './invoices/invoice.errors.js';
export { InvoiceQueries } from './invoices/invoice.queries.js';
export { InvoicingModule } from './invoicing.module.js';
export { DocumentPdfs } from './pdf/document-pdfs.js';
