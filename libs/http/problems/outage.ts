import { sqlState } from '#libs/database';

/** Connection lost, server going down, moved or out of resources, statement cancelled, or contention that outlived retries. */
const OUTAGE_STATE = /^(08|53|57P|57014|55P03|40001|40P01|25006|25P03)/;

const OUTAGE_ERRNO = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What pg, pg-pool, TypeORM and ioredis say without a code. */
const OUTAGE_MESSAGE =
  /^(timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|Query runner already released|Connection is closed|Command timed out|Stream isn't writeable|Client has encountered a connection error|Cannot use a pool after calling end)/;

const OUTAGE_NAME = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError']);

const CAUSES_MAX = 5;

function isOutageItself(error: Error & { code?: unknown }): boolean {
  if (typeof error.code === 'string' && OUTAGE_ERRNO.has(error.code)) return true;
  if (OUTAGE_NAME.has(error.name) || OUTAGE_MESSAGE.test(error.message)) return true;
  return OUTAGE_STATE.test(sqlState(error) ?? '');
}

/** Whether an error means that a service did not answer, rather than that somebody made a mistake. */
export function isOutage(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < CAUSES_MAX && current instanceof Error; depth += 1) {
    if (isOutageItself(current)) return true;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return false;
}
