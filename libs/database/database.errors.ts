import { DomainError } from '#libs/kernel';

/** A repository was used outside a unit of work: a programming error, found by the first test that runs it. */
export class UnitOfWorkRequired extends Error {
  constructor() {
    super('unit_of_work.required: repositories work only inside UnitOfWork.run or UnitOfWork.read');
  }
}

/** A write inside a read-only unit of work, or a unit of work of another tenant inside this one. */
export class UnitOfWorkMismatch extends Error {
  constructor(reason: string) {
    super(`unit_of_work.mismatch: ${reason}`);
  }
}

/** A statement was run in a transaction that has ended: work that nobody waits for any more. */
export class TransactionEnded extends Error {
  constructor() {
    super('transaction.ended: the transaction is over and its connection belongs to others');
  }
}

/** The same long work of the tenant is being done already, by this process or another. */
export class WorkUnderWay extends DomainError {
  static readonly code = 'conflict.work_under_way';
  static readonly kind = 'conflict';
  constructor(name: string) {
    super(`The same work (${name}) is under way already. Wait for its end.`, { name });
  }
}

/** The version that a writer had read, and the one that is there; null when the row is gone. */
export interface LostVersions {
  readonly expected: number;
  readonly current: number | null;
}

/**
 * Two writers read the same version; the other one was faster. The answer names both versions and what the other one changed
 * (requirement B3).
 */
export class ConcurrentModification extends DomainError {
  static readonly code = 'conflict.concurrent_modification';
  static readonly kind = 'conflict';
  constructor(entity: string, id: string, { expected, current }: LostVersions, changed: readonly string[]) {
    const what = changed.length > 0 ? ` Changed meanwhile: ${changed.join(', ')}.` : '';
    super(
      current === null
        ? `${entity} ${id} was removed by somebody else.`
        : `${entity} ${id} was changed by somebody else: you had version ${expected}, it is now ${current}.${what} Read it again and repeat your change.`,
      { entity, id, expectedVersion: expected, currentVersion: current, changed: [...changed] },
    );
  }
}

/** The SQLSTATE of a failure, whichever of pg or TypeORM reported it; undefined for anything else. */
export function sqlState(error: unknown): string | undefined {
  const candidate = error as { code?: unknown; driverError?: { code?: unknown } } | null;
  const code = candidate?.driverError?.code ?? candidate?.code;
  // EPIPE has five letters too, and is Node's.
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The constraint that a failure names, if any. */
export function violatedConstraint(error: unknown): string | undefined {
  const candidate = error as { constraint?: string; driverError?: { constraint?: string } } | null;
  return candidate?.driverError?.constraint ?? candidate?.constraint;
}

/** Serialization failure and deadlock: the same work, run again, may well succeed. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** COMMIT was answered with a rollback: a statement had failed. */
export class TransactionRolledBack extends Error {
  override readonly name = 'TransactionRolledBack';
  constructor() {
    super('the transaction was rolled back: one of its statements had failed');
  }
}
