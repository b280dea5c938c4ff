import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { currentTenant, runInContext } from '#libs/context';
import { logger } from '#libs/telemetry';
import { isRetryable, UnitOfWorkMismatch } from './database.errors.js';
import { compareFence, type Fence } from './fence.js';
import type { Predecessor } from './foresight.js';
import { anySession, causeOf, openSession, requireSession, Session } from './open-session.js';
import type { Replica } from './replicas/replica.js';
import { TransactionSource } from './replicas/transaction-source.js';
import { UnitOfWorkWrites } from './unit-of-work-writes.js';

/** How a unit of work is opened. */
export interface UnitOfWorkOptions {
  /** Refuses writes; may be served by a replica, and is done again on the primary when that fails. */
  readonly readOnly?: boolean;
  /** Never served by a replica, whatever the request allows. For decisions; positions need no such care. */
  readonly primary?: boolean;
  /**
   * All statements see the database as the first one did, whatever is committed meanwhile (REPEATABLE READ). For reports
   * whose figures must agree with each other. Default false: each statement sees what is committed when it begins.
   */
  readonly snapshot?: boolean;
  /** A statement that runs longer is cancelled; milliseconds. Default: the process's own (DB_TIMEOUT). */
  readonly statementTimeoutMs?: number;
  /**
   * Document numbers may be taken before they are needed, in the round trip of other reads: whoever else wants one then waits for
   * the whole work. Where the tenant's documents come in through one process anyway.
   */
  readonly numbersAhead?: boolean;
  /**
   * The commit is not waited for on disk. When the database server itself crashes, what was committed last may be missing
   * afterwards: less than a second of it, whole units of work, the newest ones without a gap. For work that finds out
   * what is missing when it is begun again, and says {@link UnitOfWork.makeDurable} before it calls itself done.
   */
  readonly asynchronousCommit?: boolean;
  /**
   * The unit of work before this one, which may not have ended yet: what it leaves need not be waited for, and is left to the next.
   * {@link UnitOfWork.whenSent} then tells before this one locks anything. When it throws {@link Misforeseen}, do it again, without.
   */
  readonly predecessor?: Predecessor | undefined;
  /** The lock that the work relies on: it writes only while no later holder has taken it (libs/locks). */
  readonly fence?: Fence | undefined;
}

/**
 * A commit that wrote nothing waits for nothing; a message in the log is the smallest thing to write. Where the server is set up
 * not to wait, this one does.
 */
const WAIT_FOR_DISK = `
  select set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), true),
         pg_logical_emit_message(true, 'quoin.durable', '')`;

/** Attempts of the outermost `run` on serialization failures and deadlocks, the first one included. */
const ATTEMPTS_MAX = 6;

interface OutermostOptions extends UnitOfWorkOptions {
  /** Given, the transaction begins when it is first needed. */
  readonly begun?: () => void;
}

/**
 * One transaction on the tenant's database, ambient in the running context. `run` opens it, or joins the one that is
 * open; every repository inside uses its connection. The outermost `run` commits.
 *
 * Whatever is done inside may be done again: the outermost `run` repeats the work after a serialization failure or a
 * deadlock. Keep calls to the outside world out of it.
 */
@Injectable()
export class UnitOfWork extends UnitOfWorkWrites {
  constructor(private readonly transactions: TransactionSource) {
    super();
  }

  /**
   * Runs `work` in the open unit of work of the tenant, or in a new one. What is open keeps its statement timeout.
   * @throws UnitOfWorkMismatch when a read-write one is asked for inside a read-only one, or a snapshot inside none
   * @throws StaleFence when the lock of `fence` has been taken by somebody else
   */
  async run<T>(work: () => Promise<T>, { fence, ...options }: UnitOfWorkOptions = {}): Promise<T> {
    if (fence) return this.run(() => compareFence(this, fence).then(work), options);
    const session = openSession();
    if (!session) return this.runOutermost(work, options);
    if (!session.transaction) await session.begin();
    if (session.transaction?.readOnly && !options.readOnly) {
      throw new UnitOfWorkMismatch('a read-write unit of work cannot join a read-only one');
    }
    if (options.snapshot && !session.transaction?.snapshot) {
      throw new UnitOfWorkMismatch('a snapshot cannot be had inside a unit of work that is none');
    }
    // Leaves the outermost one, which then begins again on the primary.
    if (options.primary && session.transaction?.isOnReplica) {
      throw new UnitOfWorkMismatch('the primary is asked for inside a unit of work on a replica');
    }
    return work();
  }

  /**
   * A read-write unit of work round others, which join it. It begins when the first of them does: until then no connection
   * is held, and work that needs none never takes one. Whoever opens it puts late texts into what it gives.
   * @param begun called each time a transaction has begun; what it sends goes out with BEGIN, before anything of `work`
   * @throws UnitOfWorkMismatch inside of another one
   */
  async around<T>(work: () => Promise<T>, begun: () => void): Promise<T> {
    if (openSession()) throw new UnitOfWorkMismatch('the one round others must be the outermost');
    return this.runOutermost(work, { begun });
  }

  /** Like {@link run}, read-only. Joins a read-write one, whose writes it then sees. */
  async read<T>(work: () => Promise<T>, options: Omit<UnitOfWorkOptions, 'readOnly'> = {}): Promise<T> {
    return this.run(work, { ...options, readOnly: true });
  }

  /**
   * One statement in a read-only transaction of its own: BEGIN, the settings, the statement and COMMIT leave in one flush and
   * are answered in one. Inside of an open unit of work it joins that, like {@link read}.
   */
  async readOne<R>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    if (openSession()) return this.read(() => this.query<R>(sql, parameters));
    let rows: R[] = [];
    const answered = (found: unknown[]) => (rows = found as R[]);
    await this.runOutermost(async () => void anySession().last.push({ sql, parameters, answered }), { readOnly: true });
    return rows;
  }

  /**
   * Waits until all that this tenant's database has committed is on disk, and on replicas where commits wait for them.
   * @throws UnitOfWorkMismatch inside of one
   */
  async makeDurable(): Promise<void> {
    if (openSession()) throw new UnitOfWorkMismatch('only what is committed becomes durable');
    await this.runOutermost(() => this.query(WAIT_FOR_DISK), {});
  }

  /** True inside a unit of work that has begun. */
  get isOpen(): boolean {
    return openSession()?.transaction !== undefined;
  }

  /** TypeORM's manager on the connection of the open unit of work. @throws UnitOfWorkRequired */
  get manager(): EntityManager {
    this.sendDeferred();
    return requireSession().transaction.manager;
  }

  /** Like {@link manager}, for statements on this entity's table alone: deferred updates of others stay deferred. */
  managerOf(entity: EntityTarget<ObjectLiteral>): EntityManager {
    const session = requireSession();
    const { manager } = session.transaction;
    this.sendInserts();
    const tables = session.deferred.tablesIn(manager.connection.getMetadata(entity).tableName);
    if (tables.length > 0) session.sendAll(tables);
    return manager;
  }

  /** What TypeORM knows about an entity. @throws UnitOfWorkRequired */
  metadataOf(entity: EntityTarget<ObjectLiteral>): EntityMetadata {
    return requireSession().transaction.manager.connection.getMetadata(entity);
  }

  /** Runs one SQL statement and gives its rows. @throws UnitOfWorkRequired */
  async query<R>(sql: string, parameters?: readonly unknown[]): Promise<R[]> {
    const session = requireSession();
    const turn = session.turnFor(sql);
    if (turn) await turn;
    session.sendBefore(sql);
    return session.transaction.query<R>(sql, parameters);
  }

  /** Runs one SQL statement and tells how many rows it changed. @throws UnitOfWorkRequired */
  async execute(sql: string, parameters?: readonly unknown[]): Promise<number> {
    const session = requireSession();
    const turn = session.turnFor(sql);
    if (turn) await turn;
    session.sendBefore(sql);
    return session.transaction.execute(sql, parameters);
  }

  /** Runs `work` once the open unit of work is durable. What it throws is logged: the work is done already. */
  afterCommit(work: () => void | Promise<void>): void {
    requireSession().afterCommit.push(work);
  }

  /**
   * Calls `told` when nothing of the work waits for this process any more, so that the next unit of work may begin meanwhile: when
   * COMMIT is on its way, or, where there is a predecessor, all but locks and COMMIT. Whether it succeeds is not known yet; it is
   * called again when it is repeated.
   */
  whenSent(told: () => void): void {
    requireSession().whenSent.push(told);
  }

  /** Calls `told` when all that it locks is locked and COMMIT is on its way: what comes behind it now is carried out behind it. */
  whenCommitting(told: () => void): void {
    requireSession().whenCommitting.push(told);
  }

  /** Whether document numbers may be taken before they are needed. */
  get takesNumbersAhead(): boolean {
    return openSession()?.takesNumbersAhead ?? false;
  }

  /** Calls `check` when the work is done and nothing is committed yet: what it throws rolls everything back. */
  checkAtCommit(check: () => void): void {
    requireSession().checks.push(check);
  }

  private async runOutermost<T>(work: () => Promise<T>, options: OutermostOptions): Promise<T> {
    const replica = options.readOnly && !options.primary ? this.transactions.replicaFor(currentTenant()) : undefined;
    if (replica) {
      try {
        return await this.attempt(work, options, replica);
      } catch (error) {
        if (!this.transactions.isForPrimary(error, replica)) throw error;
      }
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work, options);
      } catch (error) {
        if (!isRetryable(error) || attempt === ATTEMPTS_MAX) throw error;
        // Full jitter: two that collided once must not meet again.
        await sleep(Math.random() * 10 * 2 ** attempt);
      }
    }
  }

  private async attempt<T>(
    work: () => Promise<T>,
    { begun, numbersAhead, predecessor, ...options }: OutermostOptions,
    replica?: Replica,
  ): Promise<T> {
    const tenant = currentTenant();
    const session = new Session(
      tenant.id,
      () => this.transactions.begin(tenant, options, replica),
      begun,
      numbersAhead,
      predecessor,
    );
    let result: T;
    try {
      if (!begun) await session.begin();
      result = await runInContext({ unitOfWork: session }, async () => {
        const done = await work();
        await session.commit();
        return done;
      });
    } catch (error) {
      const cause = await causeOf(session, error);
      await session.rollback();
      throw session.verdictOn(cause);
    } finally {
      if (session.transaction) this.transactions.ended(session.transaction, tenant, replica);
    }
    for (const followUp of session.afterCommit) await afterCommit(followUp);
    return result;
  }
}

async function afterCommit(followUp: () => void | Promise<void>): Promise<void> {
  try {
    await followUp();
  } catch (error) {
    logger().error({ err: error }, 'what was to follow a commit failed');
  }
}
