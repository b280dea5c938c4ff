import { sqlState } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { ConsumerInterrupted, ConsumerMissing } from './delivery.errors.js';

/** SQLSTATE classes and codes that say something about the server or its load, nothing about the work. */
const SERVER_STATES = [
  '08', // connection exceptions
  '53', // insufficient resources: connections, memory, disk
  '57P', // administrator shutdown, crash, cannot connect now
  '40001', // serialization failure, after all retries
  '40P01', // deadlock, after all retries
  '55P03', // lock not available
  '25006', // read-only: the primary has moved
  '25P03', // we stood still in a transaction for too long
];

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ESOCKET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What pg, pg-pool, TypeORM and ioredis say of a lost connection without giving a code. */
const CONNECTION_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed|Query runner already released|Cannot use a pool after calling end|Driver not Connected|Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries per request)/;

/** Causes are looked at this deep. */
const DEPTH_MAX = 5;

/**
 * Whether a failure is one of our servers' or of the network, and not of the work: the same work will succeed once they
 * are back. Includes every {@link DomainError} of kind `unavailable`.
 */
export function isInfrastructureFailure(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > DEPTH_MAX) return false;
  if (error instanceof ConsumerInterrupted || error instanceof ConsumerMissing) return true;
  // A refusal is about the work, whatever caused it.
  if (error instanceof DomainError) return error.kind === 'unavailable';
  if (speaksOfServers(error)) return true;
  if (error instanceof AggregateError) return error.errors.some((one) => isInfrastructureFailure(one, depth + 1));
  return isInfrastructureFailure(error.cause, depth + 1);
}

function speaksOfServers(error: Error): boolean {
  const state = sqlState(error);
  if (state !== undefined) return SERVER_STATES.some((prefix) => state.startsWith(prefix));
  const code = (error as { code?: unknown }).code;
  return (typeof code === 'string' && NETWORK_CODES.has(code)) || CONNECTION_MESSAGES.test(error.message);
}
