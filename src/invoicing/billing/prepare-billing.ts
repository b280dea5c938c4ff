import { Injectable } from '@nestjs/common';
import { DocumentNumbers } from './document-numbers.js';
import { DocumentPartiesReader } from './document-parties.js';

/** For a unit of work that is going to issue an invoice or a credit note. */
@Injectable()
export class PrepareBilling {
  constructor(
    private readonly parties: DocumentPartiesReader,
    private readonly numbers: DocumentNumbers,
  ) {}

  /** Asks for what the document will need, in the round trip of what is read next. Before locks, which others may hold. */
  read(customerId: string): void {
    this.parties.ahead(customerId);
  }

  /** Takes the document's number where numbers may be taken ahead, behind the locks on stock and orders. It must then be issued. */
  takeNumber(kind: 'invoice' | 'credit_note'): void {
    this.numbers.ahead(kind);
  }
}
