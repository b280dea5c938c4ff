import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { invoicePosting } from '../accounting.subscriptions.js';
import { salesDocumentFacts } from '../postings/facts.js';
import { PostBusinessFacts } from '../postings/post-business.js';

/** Posts invoices and credit notes. */
@Consumer(invoicePosting)
export class InvoicePostingConsumer implements EventConsumer {
  constructor(private readonly post: PostBusinessFacts) {}

  async handle(event: DeliveredEvent): Promise<void> {
    const type = event.type === 'invoicing.invoice.issued' ? 'invoice' : 'credit_note';
    await this.post.execute([{ type, facts: salesDocumentFacts.parse(event.payload) }]);
  }
}
