import { Consumer, type DeliveredEvent, type EventConsumer } from '#libs/events';
import { stockPosting } from '../accounting.subscriptions.js';
import { PostEvents } from '../postings/post-events.js';

/** Posts what stock is worth more or less. */
@Consumer(stockPosting)
export class StockPostingConsumer implements EventConsumer {
  constructor(private readonly postEvents: PostEvents) {}

  async handle(event: DeliveredEvent): Promise<void> {
    await this.postEvents.execute([event]);
  }
}
