import { DomainEvent } from '#libs/events';

/** Cached reads with these tags are outdated by what was committed. */
export class CachedReadsOutdated extends DomainEvent {
  static readonly type = 'cache.reads.outdated';
  readonly aggregateType = 'cache.reads';
}
