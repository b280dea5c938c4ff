/** Locks across processes, with fences: README.md. */
export { DistributedLockService, type LockOptions } from './distributed-lock.service.js';
export type { HeldLock } from './held-lock.js';
export type { LockTimes } from './lock-resource.js';
export { LockInsideUnitOfWork, LockLost, LocksUnavailable, LockTimeout } from './locks.errors.js';
export { LocksModule } from './locks.module.js';
export { locksSchema } from './schema.js';
