import { Consumer, type DeliveredEvent, type Delivery, type EventConsumer, subscription } from '#libs/events';
import { UnitOfWork } from '#libs/database';
import { z } from 'zod';
import { Cache } from '../cache.js';
import { CachedReadsOutdated } from './cached-reads-outdated.event.js';

/** Flushes tags of whatever was committed. */
export const cacheInvalidation = subscription({
  consumer: 'cache.invalidation',
  queue: 'high',
  events: [CachedReadsOutdated.type],
  external: true,
});

const payloadSchema = z.object({ tags: z.array(z.string()).max(100) });

/**
 * Flushes once more, after every commit that told of outdated reads: the process that committed may not have come to
 * it. Flushing twice costs a read of the source. While Redis is away the delivery comes back, and spends no attempt.
 */
@Consumer(cacheInvalidation)
export class CacheInvalidationConsumer implements EventConsumer {
  constructor(
    private readonly cache: Cache,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async handle(event: DeliveredEvent, delivery: Delivery): Promise<void> {
    const { tags } = payloadSchema.parse(event.payload);
    await this.cache.flushTags(tags);
    await this.unitOfWork.run(() => delivery.complete());
  }
}
