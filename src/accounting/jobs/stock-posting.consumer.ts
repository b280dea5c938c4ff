import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { stockPosting } from '../accounting.subscriptions.js';
import { stockMovementFacts } from '../postings/facts.js';
import { PostBusinessFacts } from '../postings/post-business.js';

/** Posts what stock is worth more or less. */
@Consumer(stockPosting)
export class StockPostingConsumer implements EventConsumer {
  constructor(private readonly post: PostBusinessFacts) {}

  async handle(event: DeliveredEvent): Promise<void> {
    await this.post.execute([{ type: 'stock', facts: stockMovementFacts.parse(event.payload) }]);
  }
}
