import { DomainError } from '#libs/kernel';

/** Somebody else held the lock for as long as we were willing to wait. */
export class LockTimeout extends DomainError {
  static readonly code = 'lock.timeout';
  static readonly kind = 'conflict';
  constructor(resources: readonly string[], waitMs: number, options?: ErrorOptions) {
    const details = { resources: [...resources], waitMs };
    super(`Somebody else is working on ${resources.join(', ')}. Try again shortly.`, details, options);
  }
}

/** The lock was lost while the work went on: it could not be renewed in time. What the work did stands or falls by itself. */
export class LockLost extends DomainError {
  static readonly code = 'lock.lost';
  static readonly kind = 'unavailable';
  constructor(resources: readonly string[], options?: ErrorOptions) {
    const details = { resources: [...resources], retryAfterS: 1 };
    super(`The lock on ${resources.join(', ')} was lost before the work was done.`, details, options);
  }
}

/** Redis does not answer, so nobody can be kept out: what needs a lock is not begun (fail closed). */
export class LocksUnavailable extends DomainError {
  static readonly code = 'lock.unavailable';
  static readonly kind = 'unavailable';
  constructor(options?: ErrorOptions) {
    super('This cannot be done right now: locks are not available. Try again shortly.', { retryAfterS: 2 }, options);
  }
}

/**
 * A lock was asked for inside a unit of work: a programming error. It would be given back before the transaction commits, and
 * whoever takes it next would not see what was written. Inside a transaction rows are locked (`getForUpdate`).
 */
export class LockInsideUnitOfWork extends Error {
  constructor() {
    super('locks.inside_unit_of_work: take the lock first, then open the unit of work inside of it');
  }
}
