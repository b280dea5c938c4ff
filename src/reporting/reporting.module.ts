import { Module } from '@nestjs/common';
import { AccountingModule, LedgerBooksCheck } from '#erp/accounting';
import { InventoryModule, StockBooksCheck } from '#erp/inventory';
import { InvoicingBooksCheck, InvoicingModule } from '#erp/invoicing';
import { PaymentsBooksCheck, PaymentsModule } from '#erp/payments';
import { OrderBooksCheck, SalesModule } from '#erp/sales';
import type { BooksCheck } from '#libs/kernel';
import { BillingBooksCheck } from './books/billing-books-check.js';
import { BooksQuestions } from './books/books-questions.js';
import { ImportsBooksCheck } from './books/imports-books-check.js';
import { PostingsBooksCheck } from './books/postings-books-check.js';
import { BOOKS_CHECKS, VerifyBooks } from './books/verify-books.js';
import { TradeTotalsQueries } from './trade/trade-totals.queries.js';

/** Each capability's own check, then what only holds between them. */
const CHECKS = [
  LedgerBooksCheck,
  StockBooksCheck,
  OrderBooksCheck,
  InvoicingBooksCheck,
  PaymentsBooksCheck,
  BillingBooksCheck,
  PostingsBooksCheck,
  ImportsBooksCheck,
];

/** Reads across all capabilities; writes nothing. */
@Module({
  imports: [AccountingModule, InventoryModule, InvoicingModule, PaymentsModule, SalesModule],
  providers: [
    BillingBooksCheck,
    BooksQuestions,
    ImportsBooksCheck,
    PostingsBooksCheck,
    TradeTotalsQueries,
    VerifyBooks,
    { provide: BOOKS_CHECKS, useFactory: (...checks: BooksCheck[]) => checks, inject: CHECKS },
  ],
  exports: [VerifyBooks],
})
export class ReportingModule {}
