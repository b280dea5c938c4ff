import { subscription } from '#libs/events';

/** Invoices and credit notes go to the books. */
export const invoicePosting = subscription({
  consumer: 'accounting.invoice-posting',
  queue: 'financial',
  events: ['invoicing.invoice.issued', 'invoicing.credit_note.issued'],
});

/** Changes of the value of stock go to the books. */
export const stockPosting = subscription({
  consumer: 'accounting.stock-posting',
  queue: 'financial',
  events: ['inventory.stock.moved'],
});

/** Money received and given back goes to the books. */
export const paymentPosting = subscription({
  consumer: 'accounting.payment-posting',
  queue: 'financial',
  events: ['payments.payment.captured', 'payments.refund.succeeded'],
});

/** All that accounting listens to. */
export const accountingSubscriptions = [invoicePosting, stockPosting, paymentPosting];
