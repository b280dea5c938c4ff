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

  /**
   * Asks for what the document will need, in the round trip of what is read next, and takes its number where numbers may be
   * taken ahead. It must then be issued.
   */
  execute(customerId: string, kind: 'invoice' | 'credit_note'): void {
    this.parties.ahead(customerId);
    this.numbers.ahead(kind);
  }
}
