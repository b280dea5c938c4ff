import { Module } from '@nestjs/common';
import { CustomersModule } from '#erp/customers';
import { SalesModule } from '#erp/sales';
import { TenantsModule } from '#erp/tenants';
import { EventsModule } from '#libs/events';
import { NumberingModule } from '#libs/numbering';
import { BillOrder } from './billing/bill-order.js';
import { PrepareBilling } from './billing/prepare-billing.js';
import { DocumentNumbers } from './billing/document-numbers.js';
import { DocumentPartiesReader } from './billing/document-parties.js';
import { InvoicingBooksCheck } from './books-checks.js';
import { CreditNoteLedger } from './credit-notes/credit-note-ledger.js';
import { CreditNoteQueries } from './credit-notes/credit-note.queries.js';
import {
  CreditNoteLinesRepository,
  CreditNotesRepository,
  CreditNoteTaxesRepository,
} from './credit-notes/credit-notes.repository.js';
import { CreditableLineQueries } from './credit-notes/creditable-lines.queries.js';
import { CreditedOrders } from './credit-notes/credited-orders.js';
import { IssueCollectiveCreditNote } from './credit-notes/issue-collective-credit-note.js';
import { IssueCreditNote } from './credit-notes/issue-credit-note.js';
import { InvoiceLocks } from './invoices/invoice-locks.js';
import { InvoiceQueries } from './invoices/invoice.queries.js';
import { InvoiceLinesRepository, InvoicesRepository, InvoiceTaxesRepository } from './invoices/invoices.repository.js';
import { IssueInvoice } from './invoices/issue-invoice.js';
import { invoicingSubscriptions } from './invoicing.subscriptions.js';
import { DocumentPdfs } from './pdf/document-pdfs.js';

const repositories = [
  CreditNoteLinesRepository,
  CreditNoteTaxesRepository,
  CreditNotesRepository,
  InvoiceLinesRepository,
  InvoiceTaxesRepository,
  InvoicesRepository,
];

const inside = [CreditedOrders, CreditNoteLedger, DocumentNumbers, DocumentPartiesReader, InvoiceLocks, IssueInvoice];

const doors = [
  BillOrder,
  PrepareBilling,
  CreditableLineQueries,
  CreditNoteQueries,
  DocumentPdfs,
  InvoiceQueries,
  InvoicingBooksCheck,
  IssueCollectiveCreditNote,
  IssueCreditNote,
];

/** Invoices, credit notes and their PDFs. */
@Module({
  imports: [
    CustomersModule,
    EventsModule.subscribe(invoicingSubscriptions),
    NumberingModule,
    SalesModule,
    TenantsModule,
  ],
  providers: [...repositories, ...inside, ...doors],
  exports: doors,
})
export class InvoicingModule {}
