import { DomainError } from '#libs/kernel';

/** No invoice of this tenant has the id. */
export class InvoiceNotFound extends DomainError {
  static readonly code = 'invoicing.invoice.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no invoice ${id}.`, { id });
  }
}

/** The line is not on the invoice that is to be credited. */
export class InvoiceLineNotFound extends DomainError {
  static readonly code = 'invoicing.invoice_line.not_found';
  static readonly kind = 'unprocessable';
  constructor(id: string) {
    super(`The invoice has no line ${id}.`, { id });
  }
}

/** The same line is named twice in one credit note. */
export class InvoiceLineRepeated extends DomainError {
  static readonly code = 'invoicing.invoice_line.repeated';
  static readonly kind = 'unprocessable';
  constructor(id: string) {
    super(`Line ${id} is named twice: give its whole quantity once.`, { id });
  }
}

/** More units would be credited than are left on the line. */
export class InvoiceLineOvercredited extends DomainError {
  static readonly code = 'invoicing.invoice_line.overcredited';
  static readonly kind = 'conflict';
  constructor(id: string, requested: number, creditable: number) {
    super(`Line ${id} has ${creditable} units left to credit, not ${requested}.`, { id, requested, creditable });
  }
}

/** More would be given back than was invoiced: goods at their full price, of which a discount was taken. */
export class InvoiceOvercredited extends DomainError {
  static readonly code = 'invoicing.invoice.overcredited';
  static readonly kind = 'conflict';
  constructor(number: string, creditedMinor: bigint, totalMinor: bigint) {
    super(`More would be credited than invoice ${number} comes to. Credit its discounts with the goods.`, {
      number,
      creditedMinor: String(creditedMinor),
      totalMinor: String(totalMinor),
    });
  }
}
