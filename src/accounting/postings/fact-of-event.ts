import { paymentFacts, refundFacts, salesDocumentFacts, stockMovementFacts } from './facts.js';
import type { PostableFact } from './post-business.js';

/** What accounting needs of an event, delivered or just written. */
export interface PostableEvent {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
}

/**
 * What an event means for the books; null for events that mean nothing to them.
 * @throws ZodError for a payload that is not what the type promises
 */
export function factOfEvent({ id, type, payload }: PostableEvent): PostableFact | null {
  switch (type) {
    case 'invoicing.invoice.issued':
      return { type: 'invoice', facts: salesDocumentFacts.parse(payload) };
    case 'invoicing.credit_note.issued':
      return { type: 'credit_note', facts: salesDocumentFacts.parse(payload) };
    case 'inventory.stock.moved':
      return { type: 'stock', facts: { ...stockMovementFacts.parse(payload), eventId: id } };
    case 'payments.payment.captured':
      return { type: 'payment', facts: paymentFacts.parse(payload) };
    case 'payments.refund.succeeded':
      return { type: 'refund', facts: refundFacts.parse(payload) };
    default:
      return null;
  }
}
