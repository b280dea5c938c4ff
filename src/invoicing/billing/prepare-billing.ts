import { Injectable } from '@nestjs/common';
import { DocumentNumbers } from './document-numbers.js';
import { DocumentPartiesReader } from './document-parties.js';

/** For an order that is placed and billed in one unit of work. */
@Injectable()
export class PrepareBilling {
  constructor(
    private readonly parties: DocumentPartiesReader,
    private readonly numbers: DocumentNumbers,
  ) {}

  /**
   * Asks for what the order's invoice will need, in the round trip of what is read next, and takes the invoice's number where
   * numbers may be taken ahead. The order must then be billed.
   */
  execute(customerId: string): void {
    this.parties.ahead(customerId);
    this.numbers.ahead('invoice');
  }
}
