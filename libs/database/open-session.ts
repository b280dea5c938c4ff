import { currentContext } from '#libs/context';
import { sqlState, TransactionRolledBack, UnitOfWorkMismatch, UnitOfWorkRequired } from './database.errors.js';
import { DeferredInserts } from './deferred-inserts.js';
import { DeferredUpdates } from './deferred-updates.js';
import type { LateText } from './late-text.js';
import type { Statement, Transaction } from './transaction.js';

/** The open unit of work, kept in the execution context. */
export class Session {
  readonly afterCommit: (() => void | Promise<void>)[] = [];
  readonly whenSent: (() => void)[] = [];
  readonly held = new Map<string, unknown>();
  /** Ids of the rows that were inserted here. */
  readonly born = new Set<string>();
  /** What must be so before anything is committed. */
  readonly checks: (() => void)[] = [];
  /** Writes of which the commit waits for the answers. */
  readonly running: Promise<unknown>[] = [];
  /** Writes whose failure makes the server refuse the commit. */
  readonly sent: Promise<unknown>[] = [];
  readonly lateTexts: LateText[] = [];
  readonly inserts = new DeferredInserts();
  readonly deferred = new DeferredUpdates();
  readonly last: Statement[] = [];
  /** Undefined until somebody needs it. */
  transaction: Transaction | undefined;
  private beginning: Promise<void> | undefined;

  constructor(
    readonly tenantId: string,
    private readonly open: () => Promise<Transaction>,
    private readonly begun?: () => void,
    readonly takesNumbersAhead = false,
  ) {}

  /** Whoever opened it round others fills in what is known after the commit. */
  get takesLateTexts(): boolean {
    return this.begun !== undefined;
  }

  /** Begins the transaction, once however many ask. */
  begin(): Promise<void> {
    this.beginning ??= this.open().then((transaction) => {
      this.transaction = transaction;
      this.begun?.();
    });
    return this.beginning;
  }

  /** Commits what has begun. What is to be sent last needs a transaction, whether the work needed one or not. */
  async commit(): Promise<void> {
    if (this.last.length > 0) await this.begin();
    letRun(this.sent, this.inserts.send());
    letRun(this.sent, this.deferred.send());
    if (this.running.length > 0) await Promise.all(this.running);
    for (const check of this.checks) check();
    const committed = this.transaction?.commit(this.last);
    for (const told of this.whenSent) told();
    await committed;
    // All are answered; what their callers make of the answers may still be on its way.
    await Promise.all(this.sent);
  }

  async rollback(): Promise<void> {
    // What is just being opened would never be given back. Why it could not be opened is known to who asked for it.
    await this.beginning?.catch(() => undefined);
    await this.transaction?.rollback();
  }
}

const TRANSACTION_ABORTED = '25P02';

/** A statement that came after a failed one only says so, and so does a commit; what failed first is the cause. */
export async function causeOf(session: Session, error: unknown): Promise<unknown> {
  if (sqlState(error) !== TRANSACTION_ABORTED && !(error instanceof TransactionRolledBack)) return error;
  const outcomes = await Promise.allSettled([...session.running, ...session.sent]);
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
  letRun(session.sent, session.inserts.send());
  letRun(session.sent, session.deferred.before(sql));
  return session;
}

/** Lets writes run on. Their failure is looked at when the unit of work ends; until then it is nobody's. */
export function letRun(list: Promise<unknown>[], writes: readonly Promise<unknown>[]): void {
  for (const write of writes) {
    write.catch(() => undefined);
    list.push(write);
  }
}
