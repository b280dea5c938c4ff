import { Injectable } from '@nestjs/common';
import type { BooksCheck, BooksFault } from '#libs/kernel';
import { BooksQuestions } from './books-questions.js';
import { documentsAndEntries, inventoryAccount } from './posting-questions.js';

/**
 * Documents against the journal: each invoice, credit note, stock document, captured payment, refund and bad debt that has
 * a value has its entry with the same amounts on the same accounts and date; no entry but those made by hand lacks its
 * document; the inventory account is worth what the shelves are. Postings that are under way are no faults.
 */
@Injectable()
export class PostingsBooksCheck implements BooksCheck {
  readonly name = 'documents and journal';

  constructor(private readonly questions: BooksQuestions) {}

  /**
   * Codes: reporting.document.without_entry, reporting.entry.without_document, reporting.entry.amounts,
   * reporting.entry.date, reporting.inventory_account.
   */
  faults(): Promise<BooksFault[]> {
    return this.questions.ask(documentsAndEntries, inventoryAccount);
  }
}
