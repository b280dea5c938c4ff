import { counter, histogram } from '#libs/telemetry';

/** Seconds from asking for a lock to having it or giving up. */
export const lockWait = histogram('quoin_lock_wait_seconds', 'Waiting for distributed locks', ['kind']);

/** Seconds from having a lock to giving it back or losing it. */
export const lockHold = histogram('quoin_lock_hold_seconds', 'Holding distributed locks', ['kind']);

/** Locks that were lost while the work under them went on. */
export const locksLost = counter('quoin_lock_lost_total', 'Distributed locks lost before they were given back', [
  'kind',
]);

/** Locks that were not had. */
export const locksRefused = counter('quoin_lock_refused_total', 'Distributed locks not acquired, by reason', [
  'kind',
  'reason',
]);
