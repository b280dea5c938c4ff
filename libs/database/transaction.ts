import type { Writable } from 'node:stream';
import type { Client, PoolClient, QueryResult } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { TransactionEnded, TransactionRolledBack, UnitOfWorkMismatch } from './database.errors.js';
import { enterTenant, gateRefusal, schemaName } from './tenant-gate.js';
import { lsnText, PRIMARY_READING, type PrimaryReading } from './replicas/wal-position.js';

/** One statement with its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Given its rows, once it and the commit have succeeded. */
  readonly answered?: (rows: unknown[]) => void;
}

/** How a transaction begins. */
export interface TransactionOptions {
  readonly readOnly: boolean;
  /** All statements see what the first one saw. */
  readonly snapshot?: boolean;
  /** A statement that runs longer is cancelled by the server; milliseconds. For one lock it waits a little less. */
  readonly statementTimeoutMs: number;
  /** Statements are prepared once per connection and planned there. Not behind a pooler that shares connections. */
  readonly prepare?: boolean | undefined;
  /** Set for the whole transaction, so that row-level security lets through this tenant's rows alone. */
  readonly tenantId?: string;
  /** Where the tenant's tables are; default `public`. */
  readonly schema?: string;
  /** Given, the end of the transaction also tells how far the log of this server was then, in the same flush. */
  readonly tells?: Teller | undefined;
  /** COMMIT is answered before it is on disk. */
  readonly asynchronousCommit?: boolean | undefined;
  /** A replica that has not replayed up to here by itself answers nothing: the transaction fails. */
  readonly replayed?: number | undefined;
}

/** What kind of server it is whose position is wanted: a replica knows how far it has replayed. */
export type Teller = 'primary' | 'replica';

/** A process that is stopped in the middle gives its row locks back after this. */
const IDLE_MAX_MS = 30_000;

/** Of the statement's time, for one lock: waiting then fails as such (55P03), which says nothing against the work. */
const LOCK_SHARE = 0.8;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * One open transaction on one connection. BEGIN and the settings are sent without waiting for the answer: the first
 * query follows on the heels of them, in the same round trip.
 */
export class Transaction {
  private ended = false;
  private broken = false;
  private told: PrimaryReading | undefined;

  private constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
    private readonly opened: Promise<unknown>,
    readonly readOnly: boolean,
    readonly snapshot: boolean,
    private readonly prepare: boolean,
    private readonly tells: Teller | undefined,
  ) {}

  static async begin(dataSource: DataSource, options: TransactionOptions): Promise<Transaction> {
    const runner = dataSource.createQueryRunner('master');
    const client = (await runner.connect()) as PoolClient;
    sendTogether(client);
    const opened = open(client, options);
    // Answered at commit or by the first failing query; never an unhandled rejection in between.
    opened.catch(() => undefined);
    markTransaction(runner, true);
    const { readOnly, snapshot = false, tells } = options;
    return new Transaction(runner, client, opened, readOnly, snapshot, prepares(options), tells);
  }

  /** Where the server's log was when the transaction ended: not before anything that it read or wrote. */
  get reading(): PrimaryReading | undefined {
    return this.told;
  }

  /** Whether the connection could not even roll back. */
  get isBroken(): boolean {
    return this.broken;
  }

  get isOnReplica(): boolean {
    return this.tells === 'replica';
  }

  /** Breaks the connection, from outside: whoever waits for an answer is told at once. */
  sever(): void {
    (this.client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }

  /** TypeORM's entity manager on this very connection. */
  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Runs one statement on this connection and gives its rows. */
  async query<R>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return (await this.send(sql, parameters)).rows as R[];
  }

  /** Runs one statement and tells how many rows it changed. */
  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.send(sql, parameters)).rowCount ?? 0;
  }

  /**
   * @param last statements that are sent with COMMIT, in one round trip
   * @throws what one of them threw; or, when the server rolled back because a statement had failed and somebody swallowed it
   */
  async commit(last: readonly Statement[] = []): Promise<void> {
    // What only reads may end before it is known to have begun: all of it goes out in one flush.
    if (!this.readOnly) await this.opened;
    const sent = last.map(({ sql, parameters }) => this.send(sql, parameters));
    this.ended = true;
    const [, outcomes, result] = await Promise.all([this.opened, Promise.allSettled(sent), this.end('COMMIT')]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (result.command !== 'COMMIT') throw new TransactionRolledBack();
    await this.release();
    outcomes.forEach((outcome, index) =>
      last[index]?.answered?.(outcome.status === 'fulfilled' ? outcome.value.rows : []),
    );
  }

  /**
   * Rolls back and gives the connection back; a connection that cannot even roll back is thrown away.
   * @throws TenantBeingMoved, TenantMovedAway when the tenant's gate was closed: whatever else failed, failed because of it
   */
  async rollback(): Promise<void> {
    this.ended = true;
    try {
      await this.end('ROLLBACK');
    } catch {
      this.broken = true;
      // The error that led here is the one to report. Ended, the connection is dropped by the pool on release.
      await (this.client as unknown as Client).end();
    }
    await this.release();
    const [opened] = await Promise.allSettled([this.opened]);
    const refusal = opened.status === 'rejected' && gateRefusal(opened.reason);
    if (refusal) throw refusal;
  }

  private async end(command: 'COMMIT' | 'ROLLBACK'): Promise<QueryResult> {
    if (!this.tells) return this.client.query(command);
    const [result, reading] = (await this.client.query(`${command}; ${TELL[this.tells]}`)) as unknown as QueryResult[];
    if (!result || !reading) throw new Error(`the server has not answered ${command}`);
    this.told = reading.rows[0] as PrimaryReading;
    return result;
  }

  private send(sql: string, parameters: readonly unknown[]): Promise<QueryResult> {
    const values = parameters as unknown[];
    const name = this.prepare && values.length > 0 ? statementName(sql) : undefined;
    return this.connection().query(name === undefined ? { text: sql, values } : { name, text: sql, values });
  }

  // Work that runs on after its transaction (a timeout, a forgotten await) would write into somebody else's: the pool
  // has given the connection to another tenant by then.
  private connection(): PoolClient {
    if (this.ended) throw new TransactionEnded();
    sendTogether(this.client);
    return this.client;
  }

  private async release(): Promise<void> {
    markTransaction(this.runner, false);
    await this.runner.release();
  }
}

/** Outside of the transaction: inside of it, its own end would not be counted. */
const TELL: Readonly<Record<Teller, string>> = {
  primary: PRIMARY_READING,
  replica: `select coalesce(pg_last_wal_replay_lsn()::text, '') as lsn, '' as file, 0 as offset`,
};

/**
 * What is sent in one turn of the event loop leaves in one write when the turn is over. Each write is a call of the system and
 * a packet, and wakes the server: with one for each statement they were a fifth of the processor time of placing an order.
 */
function sendTogether(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

const NAMES_MAX = 1_000;
const names = new Map<string, string>();

/** One name per text for the whole process; none once there are so many that texts must have been put together. */
function statementName(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size >= NAMES_MAX) return known;
  const name = `quoin_${names.size}`;
  names.set(sql, name);
  return name;
}

function open(client: PoolClient, options: TransactionOptions): Promise<unknown> {
  const { replayed, snapshot } = options;
  const begin = openingStatement(options);
  if (replayed === undefined) return client.query(begin);
  if (!snapshot) return client.query(`${begin}; ${mustHaveReplayed(replayed)}`);
  // Asked inside of it, the question would be the first statement, and the snapshot might be older than the answer.
  return Promise.all([client.query(mustHaveReplayed(replayed)), client.query(begin)]);
}

/** Fails, and with it the transaction, on a server that is no replica or is not as far: positions are polled, servers restart. */
function mustHaveReplayed(lsn: number): string {
  const reached = `pg_is_in_recovery() and pg_last_wal_replay_lsn() >= '${lsnText(lsn)}'`;
  return `select 1 / (case when ${reached} then 1 else 0 end)`;
}

function openingStatement(options: TransactionOptions): string {
  const statements = [
    ['BEGIN', options.snapshot && 'ISOLATION LEVEL REPEATABLE READ', options.readOnly && 'READ ONLY']
      .filter(Boolean)
      .join(' '),
    `SET LOCAL statement_timeout = ${Math.trunc(options.statementTimeoutMs)}`,
    `SET LOCAL lock_timeout = ${Math.trunc(options.statementTimeoutMs * LOCK_SHARE)}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MAX_MS}`,
  ];
  if (options.asynchronousCommit) statements.push('SET LOCAL synchronous_commit = off');
  if (options.tenantId !== undefined) {
    if (!UUID.test(options.tenantId)) throw new Error('a tenant id must be a UUID');
    statements.push(`SET LOCAL app.tenant_id = '${options.tenantId}'`, ...planning(options), ...placing(options));
  }
  return statements.join('; ');
}

/**
 * Plans are made for any tenant. Made for this one, they rest on what the statistics know about it: of one that has come since,
 * nothing, and the planner takes its tables for empty and any index for good. They would also be made anew each time. Reports
 * read much of a tenant at once; for them it matters how much there is.
 */
function planning({ snapshot }: TransactionOptions): string[] {
  return snapshot ? [] : ['SET LOCAL plan_cache_mode = force_generic_plan'];
}

/** Where the tenant's tables are, and whether it may be written there. A snapshot would see an open gate that has closed. */
function placing({ schema = 'public', readOnly, snapshot }: TransactionOptions): string[] {
  if (!readOnly && snapshot) throw new UnitOfWorkMismatch('a snapshot is for reading');
  const path = schema === 'public' ? [] : [`SET LOCAL search_path = ${schemaName(schema)}`];
  return readOnly ? path : [...path, enterTenant(schema)];
}

/** Not where each tenant has tables of its own: a connection would keep as many plans as there are tenants. */
function prepares({ prepare = false, schema = 'public' }: TransactionOptions): boolean {
  return prepare && schema === 'public';
}

/** TypeORM must know that a transaction is open, or its persistence calls would begin one of their own. */
function markTransaction(runner: QueryRunner, active: boolean): void {
  (runner as { isTransactionActive: boolean }).isTransactionActive = active;
}
