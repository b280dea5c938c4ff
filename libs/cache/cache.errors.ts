import { DomainError } from '#libs/kernel';

/** What is not in the cache has to be read from the database, and more such reads wait than this process will queue. */
export class SourceBusy extends DomainError {
  static readonly code = 'cache.source_busy';
  static readonly kind = 'unavailable';
  constructor() {
    super('Too many reads wait for the database. Try again shortly.', { retryAfterS: 1 });
  }
}
