import type { CapabilitySchema } from '#libs/database';
import { CreditNote, CreditNoteLine, CreditNoteTax } from './credit-notes/credit-note.entity.js';
import { Invoice, InvoiceLine, InvoiceTax } from './invoices/invoice.entity.js';
import { Invoicing1763600800000 } from './migrations/1763600800000-invoicing.js';
import { InvoicingTimes1763701302000 } from './migrations/1763701302000-invoicing-times.js';

/** Tables of invoices and credit notes. */
export const invoicingSchema: CapabilitySchema = {
  entities: [CreditNote, CreditNoteLine, CreditNoteTax, Invoice, InvoiceLine, InvoiceTax],
  migrations: [Invoicing1763600800000, InvoicingTimes1763701302000],
};
