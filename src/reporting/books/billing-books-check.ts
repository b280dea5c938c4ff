import { Injectable } from '@nestjs/common';
import type { BooksCheck, BooksFault } from '#libs/kernel';
import { billedOrders, creditNoteLines, goodsMoved, invoiceLines, orderQuantities } from './billing-questions.js';
import { BooksQuestions } from './books-questions.js';

/** Orders against what was billed, and goods on documents against goods that moved. */
@Injectable()
export class BillingBooksCheck implements BooksCheck {
  readonly name = 'orders, documents and goods';

  constructor(private readonly questions: BooksQuestions) {}

  /**
   * Codes: reporting.order.billing, reporting.order_line.billed, reporting.invoice_line.amount, reporting.credit_note_line.amount,
   * reporting.goods.shipped, reporting.goods.returned.
   */
  faults(): Promise<BooksFault[]> {
    return this.questions.ask(billedOrders, orderQuantities, invoiceLines, creditNoteLines, goodsMoved);
  }
}
