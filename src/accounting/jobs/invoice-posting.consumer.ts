import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { invoicePosting } from '../accounting.subscriptions.js';
import { PostEvents } from '../postings/post-events.js';

/** Posts invoices and credit notes. */
@Consumer(invoicePosting)
export class InvoicePostingConsumer implements EventConsumer {
  constructor(private readonly postEvents: PostEvents) {}

  async handle(event: DeliveredEvent): Promise<void> {
    await this.postEvents.execute([event]);
  }
}
