import { currentContext } from '#libs/context';
import { sqlState, TransactionRolledBack, UnitOfWorkMismatch, UnitOfWorkRequired } from './database.errors.js';
import { DeferredInserts } from './deferred-inserts.js';
import { DeferredUpdates } from './deferred-updates.js';
import { Misforeseen, type Predecessor, Presumptions, turnAfter } from './foresight.js';
import type { LateText } from './late-text.js';
import type { Statement, Transaction } from './transaction.js';

/** The open unit of work, kept in the execution context. */
export class Session {
  readonly afterCommit: (() => void | Promise<void>)[] = [];
  readonly whenSent: (() => void)[] = [];
  readonly whenCommitting: (() => void)[] = [];
  readonly held = new Map<string, unknown>();
  /** Ids of the rows that were inserted here. */
  readonly born = new Set<string>();
  /** What must be so before anything is committed. */
  readonly checks: (() => void)[] = [];
  /** Writes of which the commit waits for the answers. */
  readonly running: Promise<unknown>[] = [];
  /** Writes whose failure makes the server refuse the commit. */
  readonly sent: Promise<unknown>[] = [];
  readonly presumptions = new Presumptions();
  /** What the next unit of work will find, by key; asked when the work is done. */
  readonly leaving = new Map<string, () => unknown>();
  readonly lateTexts: LateText[] = [];
  readonly inserts = new DeferredInserts();
  readonly deferred = new DeferredUpdates();
  /** Writes that lock what the predecessor may hold. */
  private readonly inTurn: (() => Promise<unknown>)[] = [];
  readonly last: Statement[] = [];
  /** Undefined until somebody needs it. */
  transaction: Transaction | undefined;
  private beginning: Promise<void> | undefined;
  private left = false;
  /** Pending while another unit of work goes before this one; undefined when nothing is to be waited for any more. */
  turn: Promise<void> | undefined;

  constructor(
    readonly tenantId: string,
    private readonly open: () => Promise<Transaction>,
    private readonly begun?: () => void,
    readonly takesNumbersAhead = false,
    readonly predecessor?: Predecessor,
  ) {
    if (!predecessor) return;
    this.turn = turnAfter(predecessor);
    this.turn.then(
      () => (this.turn = undefined),
      () => undefined,
    );
  }

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
    if (this.predecessor) {
      // Whoever follows knows what to expect, and need not wait for what is waited for here.
      this.left = true;
      this.predecessor.foresight.leave(this.leaving);
      for (const told of this.whenSent) told();
      await this.turn;
    }
    this.sendAll();
    if (this.running.length > 0) await Promise.all(this.running);
    if (!this.presumptions.areConfirmed) await this.presumptions.confirmed();
    for (const check of this.checks) check();
    const committed = this.transaction?.commit(this.last);
    for (const told of this.predecessor ? this.whenCommitting : [...this.whenSent, ...this.whenCommitting]) told();
    await committed;
    // All are answered; what their callers make of the answers may still be on its way.
    await Promise.all(this.sent);
  }

  /** What a statement that locks rows has to wait for: a unit of work that goes before this one. Undefined for all others. */
  turnFor(sql: string): Promise<void> | undefined {
    return this.turn && (LOCKS.test(sql) || this.deferred.tablesIn(sql).length > 0) ? this.turn : undefined;
  }

  /** Sends ahead of a statement what is deferred and it could see, and what is to be locked before it locks. */
  sendBefore(sql: string): void {
    letRun(this.sent, this.inserts.send());
    const tables = this.deferred.tablesIn(sql);
    if (tables.length > 0 || (this.predecessor && LOCKS.test(sql))) this.sendAll(tables);
  }

  /** Sends what locks rows of others when the predecessor has its locks; at once where there is none. */
  sendInTurn(write: () => Promise<unknown>): void {
    if (this.turn) {
      this.inTurn.push(write);
      return;
    }
    // Its locks come behind those of what is presumed, as if that had been locked when it was presumed.
    this.presumptions.ask();
    letRun(this.sent, [write()]);
  }

  /** Inserts first: they lock nothing that others wait for. */
  sendAll(tables?: readonly string[]): void {
    if (this.turn)
      throw new UnitOfWorkMismatch('rows are locked before the unit of work before this one has its locks');
    letRun(this.sent, this.inserts.send());
    this.presumptions.ask();
    letRun(
      this.sent,
      this.inTurn.splice(0).map((write) => write()),
    );
    letRun(this.sent, this.deferred.send(tables));
  }

  /**
   * Rolled back, what is to be said of why: what was refused on the strength of something that was only presumed may be right. That
   * the connection is gone says nothing about that.
   */
  verdictOn(cause: unknown): unknown {
    const mayBeMisled = !this.presumptions.areConfirmed && this.transaction?.isBroken === false;
    return mayBeMisled && !(cause instanceof Misforeseen) ? new Misforeseen({ cause }) : cause;
  }

  async rollback(): Promise<void> {
    if (this.left) this.predecessor?.foresight.forget();
    // What is just being opened would never be given back. Why it could not be opened is known to who asked for it.
    await this.beginning?.catch(() => undefined);
    await this.transaction?.rollback();
  }
}

/** What is presumed is locked before other rows are, as if it had been locked when it was presumed. */
const LOCKS = /^\s*update\b|\bfor (no key )?update\b/i;

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

/** Lets writes run on. Their failure is looked at when the unit of work ends; until then it is nobody's. */
export function letRun(list: Promise<unknown>[], writes: readonly Promise<unknown>[]): void {
  for (const write of writes) {
    write.catch(() => undefined);
    list.push(write);
  }
}
