import { performance } from 'node:perf_hooks';
import pg from 'pg';
import type { DatabaseLogin } from '../data-source.js';
import { isRetryable } from '../database.errors.js';

const INTERVAL_MS = 100;
const CONNECT_TIMEOUT_MS = 1_000;
const ANSWER_TIMEOUT_MS = 1_000;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 2_000;

/** What a watch tells of its server. */
export interface WatchListener<R> {
  /** It answered; `askedAt` is monotonic, in milliseconds. */
  answered(row: R, askedAt: number): void;
  /** It cannot be connected to, broke the connection, or did not answer in time. */
  failed(error: Error): void;
  /** Whether it may be connected to now. */
  mayConnect(): boolean;
}

/**
 * Asks one server the same question about ten times a second, on a connection of its own, for as long as it runs. It never
 * waits for anything longer than a second, and never keeps a process alive.
 */
export class PositionWatch<R> {
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failures = 0;

  constructor(
    private readonly login: DatabaseLogin,
    private readonly sql: string,
    private readonly listener: WatchListener<R>,
  ) {}

  start(): void {
    this.later(() => this.connect(), 0);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.drop();
  }

  private later(work: () => Promise<void>, delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void work(), delayMs);
    this.timer.unref();
  }

  private async connect(): Promise<void> {
    if (!this.listener.mayConnect()) return this.later(() => this.connect(), INTERVAL_MS);
    const { host, port, database, username, password, ssl = false } = this.login;
    const client = new pg.Client({
      host,
      port,
      database,
      user: username,
      password,
      ssl,
      application_name: 'quoin-positions',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    this.client = client;
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('the server has ended the connection')));
    try {
      await client.connect();
      if (this.client === client) await this.ask(client);
    } catch (error) {
      this.lost(client, error as Error);
    }
  }

  private async ask(client: pg.Client): Promise<void> {
    const askedAt = performance.now();
    try {
      const { rows } = await inTime(client.query<R & pg.QueryResultRow>(this.sql));
      const [row] = rows;
      if (this.client !== client || !row) return;
      this.failures = 0;
      this.listener.answered(row, askedAt);
      this.later(() => this.ask(client), INTERVAL_MS);
    } catch (error) {
      // Replaying may cancel any statement that is in its way, this one too: who says so is there.
      if (isRetryable(error) && this.client === client) this.later(() => this.ask(client), INTERVAL_MS);
      else this.lost(client, error as Error);
    }
  }

  private lost(client: pg.Client, error: Error): void {
    if (this.client !== client || this.stopped) return;
    this.drop();
    const waitMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    this.listener.failed(error);
    this.later(() => this.connect(), waitMs * (0.75 + Math.random() / 2));
  }

  /** Not `end()`: that waits for a server that may never answer. */
  private drop(): void {
    clearTimeout(this.timer);
    const { client } = this;
    this.client = undefined;
    if (client) destroy(client);
  }
}

function destroy(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/** When the event loop was held up, what has arrived meanwhile is looked at before anybody is called late. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    setImmediate(() => setImmediate(() => reject(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`))));
  }, ANSWER_TIMEOUT_MS);
  // Whichever comes second is nobody's.
  late.catch(() => undefined);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
