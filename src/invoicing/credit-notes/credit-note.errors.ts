import { DomainError } from '#libs/kernel';

/** No credit note of this tenant has the id. */
export class CreditNoteNotFound extends DomainError {
  static readonly code = 'invoicing.credit_note.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no credit note ${id}.`, { id });
  }
}

/** One credit note cannot credit invoices with tax in their prices together with invoices without. */
export class PriceModesMixed extends DomainError {
  static readonly code = 'invoicing.credit_note.price_modes_mixed';
  static readonly kind = 'unprocessable';
  constructor() {
    super('Invoices with net and with gross prices need credit notes of their own.');
  }
}

/** A credit note that would take money: discounts outweigh what they were given on. */
export class CreditNoteTotalNegative extends DomainError {
  static readonly code = 'invoicing.credit_note.total_negative';
  static readonly kind = 'unprocessable';
  constructor() {
    super('The total of a credit note cannot be below zero. Credit the goods with their discount.');
  }
}
