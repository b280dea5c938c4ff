import { DomainError } from '#libs/kernel';

/** Redis does not answer. What was to be queued is safe in PostgreSQL and goes out when Redis is back. */
export class QueuesUnavailable extends DomainError {
  static readonly code = 'queues.unavailable';
  static readonly kind = 'unavailable';
  constructor(options?: ErrorOptions) {
    super('The queues cannot be reached at the moment.', {}, options);
  }
}
