import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { paymentPosting } from '../accounting.subscriptions.js';
import { PostEvents } from '../postings/post-events.js';

/** Posts money received and money given back. */
@Consumer(paymentPosting)
export class PaymentPostingConsumer implements EventConsumer {
  constructor(private readonly postEvents: PostEvents) {}

  async handle(event: DeliveredEvent): Promise<void> {
    await this.postEvents.execute([event]);
  }
}
