import { ConfigurationError } from '#libs/config';
import { sqlState } from '#libs/database';
import { isInfrastructureFailure } from '#libs/events';
import { DomainError } from '#libs/kernel';

/** Something the operator can put right; shown as one sentence, without a stack. */
export class OperatorError extends Error {}

/** A wrong login, no such database, no connection: PostgreSQL's own sentence says what to put right. */
const LOGIN_STATES = /^(08|28|3D|57P03)/;
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH']);

/** True of every command: it may have been under way for long when a server went away. */
const AGAIN = 'What is committed stays; when it is put right, run the same command again.';

/** Says what went wrong and sets exit code 1. Faults of Quoin itself are shown with their stack. */
export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  console.error(sentenceOf(error) ?? error);
}

function sentenceOf(error: unknown): string | undefined {
  if (error instanceof OperatorError || error instanceof DomainError || error instanceof ConfigurationError) {
    return error.message;
  }
  if (!(error instanceof Error)) return undefined;
  const isLogin = LOGIN_STATES.test(sqlState(error) ?? '');
  const isAway = NO_CONNECTION.has(String((error as NodeJS.ErrnoException).code));
  if (isLogin || isAway)
    return `PostgreSQL cannot be used as configured (DB_HOST, DB_PORT, DB_DATABASE and the login): ${error.message}. ${AGAIN}`;
  if (!isInfrastructureFailure(error)) return undefined;
  return `A server hung up in the middle (${error.message}). ${AGAIN}`;
}
