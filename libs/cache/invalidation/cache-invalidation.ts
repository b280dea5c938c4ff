import { Injectable } from '@nestjs/common';
import { currentTenant, runInContext } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Outbox } from '#libs/events';
import { Clock } from '#libs/kernel';
import { logger } from '#libs/telemetry';
import { Cache } from '../cache.js';
import { CachedReadsOutdated } from './cached-reads-outdated.event.js';

/**
 * How a write makes what was read before it worthless: at once after the commit, so that whoever wrote sees it with the
 * next read, and once more by an event that was committed with the write. A process that is killed between commit and
 * flush, or a Redis that is away then, delays the flush and does not lose it.
 */
@Injectable()
export class CacheInvalidation {
  constructor(
    private readonly cache: Cache,
    private readonly outbox: Outbox,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Tells that what is cached under these tags will be outdated by the open unit of work.
   * @param changedId UUID of what is changed: the event is one of its
   * @throws UnitOfWorkRequired outside a unit of work
   */
  async outdate(changedId: string, tags: readonly string[]): Promise<void> {
    if (!this.cache.entries) return;
    const tenantId = currentTenant().id;
    this.unitOfWork.afterCommit(() => this.flush(tags, tenantId));
    const event = new CachedReadsOutdated(changedId, { tags: [...tags] }, this.clock.now());
    // Also where events are settled by their caller (imports): nobody else flushes.
    await runInContext({ settledEvents: undefined }, () => this.outbox.append(event));
  }

  private async flush(tags: readonly string[], tenantId: string): Promise<void> {
    try {
      await this.cache.flushTags(tags, tenantId);
    } catch (error) {
      logger().warn({ err: error, tags }, 'the cache was not flushed after a commit: the event will do it');
    }
  }
}
