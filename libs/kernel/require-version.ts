import { DomainError } from './domain-error.js';

/** The representation that `If-Match` names is not the current one (RFC 9110, 13.1.1; requirement B3). */
export class PreconditionFailed extends DomainError {
  static readonly code = 'precondition.failed';
  static readonly kind = 'precondition_failed';
  /** @param versions the one that there is, and the one that the client has seen; without, the tag was none of ours */
  constructor(versions?: { readonly currentVersion: number; readonly expectedVersion: number }) {
    super('If-Match does not name the current version. Read it again and repeat your change.', { ...versions });
  }
}

/**
 * Checks the version that the client has seen against the current one. Without `If-Match` every version will do.
 *
 * @throws PreconditionFailed
 */
export function requireVersion(current: number, expected: number | undefined): void {
  if (expected === undefined || expected === current) return;
  throw new PreconditionFailed({ currentVersion: current, expectedVersion: expected });
}
