import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { paymentPosting } from '../accounting.subscriptions.js';
import { paymentFacts, refundFacts } from '../postings/facts.js';
import { PostBusinessFacts } from '../postings/post-business.js';

/** Posts money received and money given back. */
@Consumer(paymentPosting)
export class PaymentPostingConsumer implements EventConsumer {
  constructor(private readonly post: PostBusinessFacts) {}

  async handle(event: DeliveredEvent): Promise<void> {
    if (event.type === 'payments.payment.captured') {
      await this.post.execute([{ type: 'payment', facts: paymentFacts.parse(event.payload) }]);
    } else {
      await this.post.execute([{ type: 'refund', facts: refundFacts.parse(event.payload) }]);
    }
  }
}
