import { ConfigurationError } from '#libs/config';
import { DomainError } from '#libs/kernel';

/** Something the operator can put right; shown as one sentence, without a stack. */
export class OperatorError extends Error {}

/** Says what went wrong and sets exit code 1. Faults of Quoin itself are shown with their stack. */
export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  const expected =
    error instanceof OperatorError || error instanceof DomainError || error instanceof ConfigurationError;
  if (expected) console.error(error.message);
  else console.error(error);
}
