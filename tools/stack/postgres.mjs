import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapSql, identifier, literal } from './bootstrap-sql.mjs';
import { commandOf, identityOf, launch, run, stop, untilReady } from './processes.mjs';
import { UserFault } from './progress.mjs';

const SUPERUSER = 'postgres';
const REPLICATOR = 'quoin_replicator';
const SLOT = 'quoin_replica';

/**
 * Where data are thrown away anyway, waiting for the disk buys nothing. Nor does machine code for statements over so few
 * rows: catalogue queries on many partitions look dear enough for it, and took three times as long to compile as to run.
 */
const THROW_AWAY = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '20s',
  jit: 'off',
};

/** Server settings as command-line options: the files of the data directory stay as initdb wrote them. */
function settings({ port, throwAway }) {
  const chosen = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // TCP only: a socket's path may not be longer than 107 bytes, and a clone may live anywhere.
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '256MB',
    wal_level: 'replica',
    max_wal_size: '2GB',
    max_slot_wal_keep_size: '2GB',
    // On a replica: rows that its readers still see are not cleaned up under them. Told every second: the primary keeps all versions
    // of a row since it was last told, and a number or a stock level that is changed often has one for each change.
    hot_standby_feedback: 'on',
    wal_receiver_status_interval: '1s',
    log_line_prefix: '%m [%p] %u@%d ',
    ...(throwAway ? THROW_AWAY : {}),
  };
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** One private PostgreSQL server. */
export class PostgresServer {
  /**
   * @param {{ name: string, bin: string, dataDir: string, port: number, user?: {uid,gid}, password: string, logFile: string,
   *   ledger: import('./processes.mjs').ProcessLedger, throwAway?: boolean, slot?: string }} options `password` is the
   *   superuser's; `slot` tells the replicas of one primary apart
   */
  constructor(options) {
    Object.assign(this, { slot: SLOT, ...options });
  }

  get exists() {
    return existsSync(this.#marker);
  }

  /** Written when a cluster is complete, beside it (pg_basebackup copies whatever is inside): what was interrupted is made again. */
  get #marker() {
    return `${this.dataDir}.complete`;
  }

  #clear() {
    for (const path of [this.#marker, this.dataDir]) rmSync(path, { recursive: true, force: true });
  }

  #tool(program, args, options = {}) {
    // Not the person's own PG… variables: they may name another server, or how to trust it.
    const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...options.env };
    return run(join(this.bin, program), args, { ...this.user, cwd: '/', ...options, env });
  }

  async #must(what, program, args, options) {
    const { code, stderr, stdout } = await this.#tool(program, args, options);
    if (code === 0) return stdout;
    this.#clear();
    if (/No space left/.test(stderr))
      throw new UserFault(`${what} failed: the disk that holds ${this.dataDir} is full.`);
    throw new UserFault(`${what} failed: ${stderr.trim().split('\n').slice(-3).join(' ')}`);
  }

  /** Creates an empty cluster that asks everybody for a password. */
  async create() {
    this.#clear();
    const passwordFile = `${this.dataDir}.password`;
    writeFileSync(passwordFile, `${this.password}\n`, { mode: 0o600 });
    if (this.user) chownSync(passwordFile, this.user.uid, this.user.gid);
    const args = ['-D', this.dataDir, '-U', SUPERUSER, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C'];
    try {
      await this.#must('Creating the PostgreSQL cluster', 'initdb', [...args, `--pwfile=${passwordFile}`]);
    } finally {
      rmSync(passwordFile, { force: true });
    }
    writeFileSync(this.#marker, '');
  }

  /** Copies a running primary and leaves the copy following it through a replication slot, which keeps the WAL it still needs. */
  async createReplicaOf(primary, replicatorPassword) {
    this.#clear();
    await primary.sql(
      `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${literal(this.slot)}`,
    );
    const from = `host=127.0.0.1 port=${primary.port} user=${REPLICATOR} application_name=${this.slot}`;
    const args = ['-D', this.dataDir, '-w', '-d', from, '-X', 'stream', '-c', 'fast', '-R', '-C', '-S', this.slot];
    await this.#must('Copying the primary', 'pg_basebackup', args, { env: { PGPASSWORD: replicatorPassword } });
    writeFileSync(this.#marker, '');
  }

  /** Points an existing, stopped replica at the port its primary has today. */
  follow(primary) {
    const file = join(this.dataDir, 'postgresql.auto.conf');
    const text = readFileSync(file, 'utf8');
    const pointed = text.replace(/^(primary_conninfo = .*\bport=)\d+/gm, `$1${primary.port}`);
    if (pointed !== text) writeFileSync(file, pointed);
  }

  /** Starts the server and waits until it answers queries. */
  async start() {
    await this.clearLeftovers();
    const giveUpAt = Date.now() + 15_000;
    for (;;) {
      try {
        return await this.#startOnce();
      } catch (error) {
        // After SIGKILL the old server's children hold its shared memory for a moment.
        if (Date.now() > giveUpAt || !/pre-existing shared memory|lock file "postmaster.pid"/.test(error.message))
          throw error;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  }

  async #startOnce() {
    const args = ['-D', this.dataDir, ...settings(this)];
    const { name, user, logFile, ledger } = this;
    // SIGINT is PostgreSQL's fast shutdown: clients are disconnected, data are safe.
    const options = {
      name,
      command: join(this.bin, 'postgres'),
      args,
      user,
      cwd: '/',
      logFile,
      ledger,
      signal: 'SIGINT',
    };
    this.process = await launch({ ...options, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } });
    await untilReady(this.process, () => this.#answers(), 60_000);
    return this.process;
  }

  async #answers() {
    const { code } = await this.#psql('postgres', 'select 1');
    return code === 0;
  }

  /** A server left by a killed start is stopped; a lock file that names some other program's process is removed. */
  async clearLeftovers() {
    const lockFile = join(this.dataDir, 'postmaster.pid');
    if (!existsSync(lockFile)) return;
    const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
    const identity = identityOf(pid);
    if (identity === undefined) return;
    if (commandOf(pid).includes(this.dataDir)) await stop({ pid, identity, signal: 'SIGINT' });
    else rmSync(lockFile, { force: true });
  }

  #psql(database, sql) {
    const args = ['-X', '-w', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(this.port)];
    return this.#tool('psql', [...args, '-U', SUPERUSER, '-d', database, '-f', '-'], {
      input: sql,
      env: { PGPASSWORD: this.password, PGCONNECT_TIMEOUT: '5' },
    });
  }

  /** Runs SQL as the superuser and returns the rows as lines. @throws {Error} with the server's own message */
  async sql(text, database = 'postgres') {
    const { code, stdout, stderr } = await this.#psql(database, text);
    if (code !== 0) throw new Error(`PostgreSQL refused: ${stderr.trim()}\n${text}`);
    return stdout.trim() === '' ? [] : stdout.trim().split('\n');
  }

  /** Waits until the replica receives the primary's changes. @returns {Promise<boolean>} false when it did not within 5 s */
  async waitForReplica(slot = SLOT) {
    const streaming = `select 1 from pg_stat_replication where application_name = ${literal(slot)} and state = 'streaming'`;
    const giveUpAt = Date.now() + 5_000;
    while ((await this.sql(streaming)).length === 0) {
      if (Date.now() > giveUpAt) return false;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return true;
  }

  /** Stops the server if this object started it. */
  async stop() {
    if (!this.process) return;
    await stop(this.process);
    this.ledger.remove(this.name);
  }

  /** Roles, the replication role and the two databases; safe to repeat. */
  async bootstrap({ ownerPassword, appPassword, replicatorPassword }) {
    const { roles, databases } = bootstrapSql({ ownerPassword, appPassword });
    await this.sql(roles);
    await this.sql(`do $do$ begin
      if not exists (select from pg_roles where rolname = ${literal(REPLICATOR)}) then create role ${identifier(REPLICATOR)}; end if;
      end $do$; alter role ${identifier(REPLICATOR)} login replication password ${literal(replicatorPassword)};`);
    for (const { name, exists, create, access } of databases) {
      if ((await this.sql(exists)).length === 0) await this.sql(create);
      await this.sql(access, name);
    }
  }

  /** A connection URL on this server. */
  url(user, password, database) {
    return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${database}`;
  }

  get superuserUrl() {
    return this.url(SUPERUSER, this.password, 'postgres');
  }
}
