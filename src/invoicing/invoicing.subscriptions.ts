import { subscription } from '#libs/events';

/** Orders are invoiced when they are confirmed, and credited when something of them is cancelled. */
export const orderBilling = subscription({
  consumer: 'invoicing.order-billing',
  queue: 'default',
  events: ['sales.order.confirmed', 'sales.order.cancelled'],
});

/** Documents get their PDF. */
export const documentPdf = subscription({
  consumer: 'invoicing.pdf',
  queue: 'low',
  events: ['invoicing.invoice.issued', 'invoicing.credit_note.issued'],
  external: true,
});

/** All that invoicing listens to. */
export const invoicingSubscriptions = [orderBilling, documentPdf];
