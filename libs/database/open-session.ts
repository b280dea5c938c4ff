import { currentContext } from '#libs/context';
import { sqlState, UnitOfWorkMismatch, UnitOfWorkRequired } from './database.errors.js';
import { DeferredUpdates } from './deferred-updates.js';
import type { Statement, Transaction } from './transaction.js';

/** The open unit of work, kept in the execution context. */
export class Session {
  readonly afterCommit: (() => void | Promise<void>)[] = [];
  readonly held = new Map<string, unknown>();
  readonly running: Promise<unknown>[] = [];
  readonly deferred = new DeferredUpdates();
  readonly last: Statement[] = [];
  /** Undefined until somebody needs it. */
  transaction: Transaction | undefined;
  private beginning: Promise<void> | undefined;

  constructor(
    readonly tenantId: string,
    private readonly open: () => Promise<Transaction>,
    private readonly begun: () => void = () => undefined,
  ) {}

  /** Begins the transaction, once however many ask. */
  begin(): Promise<void> {
    this.beginning ??= this.open().then((transaction) => {
      this.transaction = transaction;
      this.begun();
    });
    return this.beginning;
  }

  /** Commits what has begun. What is to be sent last needs a transaction, whether the work needed one or not. */
  async commit(): Promise<void> {
    if (this.last.length > 0) await this.begin();
    keepRunning(this, this.deferred.send());
    await Promise.all(this.running);
    await this.transaction?.commit(this.last);
  }

  async rollback(): Promise<void> {
    // What is just being opened would never be given back. Why it could not be opened is known to who asked for it.
    await this.beginning?.catch(() => undefined);
    await this.transaction?.rollback();
  }
}

const TRANSACTION_ABORTED = '25P02';

/** A statement that came after a failed one only says so; what failed first is the cause. */
export async function causeOf(running: readonly Promise<unknown>[], error: unknown): Promise<unknown> {
  if (sqlState(error) !== TRANSACTION_ABORTED) return error;
  const outcomes = await Promise.allSettled(running);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  return failures.find((failure) => sqlState(failure) !== TRANSACTION_ABORTED) ?? error;
}

/** What is open in the running context. @throws UnitOfWorkMismatch when it is another tenant's */
export function openSession(): Session | undefined {
  const context = currentContext();
  const session = context?.unitOfWork as Session | undefined;
  if (session && session.tenantId !== context?.tenant?.id) {
    throw new UnitOfWorkMismatch('a unit of work of another tenant is open');
  }
  return session;
}

/** The same, begun or not. @throws UnitOfWorkRequired */
export function anySession(): Session {
  const session = openSession();
  if (!session) throw new UnitOfWorkRequired();
  return session;
}

/** Of a session that has begun: repositories work inside `run` and `read`, not just somewhere in a request. */
export function requireSession(): Session & { transaction: Transaction } {
  const session = anySession();
  if (!session.transaction) throw new UnitOfWorkRequired();
  return session as Session & { transaction: Transaction };
}

/** The open session; what is deferred and the statement could see is sent ahead of it. */
export function sessionFor(sql: string): Session & { transaction: Transaction } {
  const session = requireSession();
  keepRunning(session, session.deferred.before(sql));
  return session;
}

/** Lets writes run on; the commit waits for them. */
export function keepRunning(session: Session, writes: readonly Promise<unknown>[]): void {
  for (const write of writes) {
    // Its failure is looked at before the commit; until then it is nobody's.
    write.catch(() => undefined);
    session.running.push(write);
  }
}
