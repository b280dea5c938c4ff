import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres, findRedis } from './binaries.mjs';
import { DEFAULT_NAMES } from './bootstrap-sql.mjs';
import { clusterFolder, postgresUser, privateFolder, secretsOf } from './home.mjs';
import { startMail, startPayments, startS3 } from './node-servers.mjs';
import { PostgresServer } from './postgres.mjs';
import { ProcessLedger, stopAll } from './processes.mjs';
import { UserFault } from './progress.mjs';
import { startRedis } from './redis.mjs';

/** Servers of a stack that need a port. */
export const SERVER_PORTS = ['postgres', 'replica', 'queues', 'cache', 's3', 'smtp', 'mail', 'payments'];

/** The list of processes of the stack in that folder. */
export const ledgerOf = (home) => new ProcessLedger(join(home, 'processes.json'));

/** Private servers of one stack: started in order, stopped in the opposite order. */
export class Stack {
  /** What runs: `{ service, again }`, `again` starts it once more after it died. */
  running = [];

  /**
   * @param {{ home: string, suffix: string, ports: Record<string, number>, throwAway?: boolean }} options
   *   `home` holds everything of this stack; `suffix` names its folder below /var/lib when we are root; `throwAway` trades
   *   safety against power cuts for speed
   */
  constructor({ home, suffix, ports, throwAway = false }) {
    Object.assign(this, { home, suffix, ports, throwAway });
    privateFolder(home);
    privateFolder(join(home, 'logs'));
    this.clusters = clusterFolder(home, suffix);
    // Without the passwords nobody enters the old clusters: they are what a deleted .local/ left under /var/lib.
    this.orphaned = !existsSync(join(home, 'secrets.json'));
    this.secrets = secretsOf(home);
    this.ledger = ledgerOf(home);
  }

  log(name) {
    return join(this.home, 'logs', `${name}.log`);
  }

  async #serve(start) {
    const service = await start();
    this.running.push({ service, again: start });
  }

  /** The programs that read the data there are, or the newest when there are none. */
  #postgresPrograms(dataDir) {
    const file = join(dataDir, 'PG_VERSION');
    const major = !this.orphaned && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
    const bin = findPostgres(major);
    if (bin) return bin;
    throw new UserFault(
      `The data in ${dataDir} were made by PostgreSQL ${major}, which is gone: install it or run "npm run reset".`,
    );
  }

  #postgresServer(name, port) {
    const { throwAway, ledger, secrets } = this;
    const dataDir = join(this.clusters, name);
    const common = {
      bin: this.#postgresPrograms(dataDir),
      port,
      user: postgresUser(),
      throwAway,
      ledger,
      password: secrets.superuser,
    };
    return new PostgresServer({
      ...common,
      name: `PostgreSQL (${name})`,
      dataDir,
      logFile: this.log(`postgres-${name}`),
    });
  }

  /** PostgreSQL with the roles and the two databases. */
  async startPrimary() {
    this.primary = this.#postgresServer('primary', this.ports.postgres);
    await this.primary.clearLeftovers();
    this.isNew = this.orphaned || !this.primary.exists;
    if (this.isNew) await this.primary.create();
    await this.#serve(() => this.primary.start());
    const { owner, app, replicator } = this.secrets;
    await this.primary.bootstrap({ ownerPassword: owner, appPassword: app, replicatorPassword: replicator });
    return `port ${this.ports.postgres}`;
  }

  /** A second PostgreSQL that follows the first; one that lost the connection for good is copied anew. */
  async startReplica() {
    this.replica = this.#postgresServer('replica', this.ports.replica);
    const { primary, replica } = this;
    await replica.clearLeftovers();
    if (!this.isNew && replica.exists && (await this.#followsAgain())) return `port ${this.ports.replica}`;
    await replica.stop();
    await replica.createReplicaOf(primary, this.secrets.replicator);
    await this.#serve(() => replica.start());
    await primary.waitForReplica();
    return `port ${this.ports.replica}, a fresh copy`;
  }

  async #followsAgain() {
    this.replica.follow(this.primary);
    await this.replica.start();
    if (!(await this.primary.waitForReplica())) return false;
    this.running.push({ service: this.replica.process, again: () => this.replica.start() });
    return true;
  }

  /** @param {'queues'|'cache'} kind */
  async startRedis(kind) {
    const { home, ledger, secrets } = this;
    const port = this.ports[kind];
    const logFile = this.log(`redis-${kind}`);
    await this.#serve(() =>
      startRedis({ kind, binary: findRedis(), home, port, password: secrets.redis, logFile, ledger }),
    );
    return `port ${port}`;
  }

  async startS3() {
    await this.#serve(() => startS3(this));
    return `port ${this.ports.s3}`;
  }

  async startMail() {
    await this.#serve(() => startMail(this));
    return `port ${this.ports.smtp}, page on port ${this.ports.mail}`;
  }

  async startPayments(webhookUrl) {
    await this.#serve(() => startPayments(this, webhookUrl));
    return `port ${this.ports.payments}`;
  }

  /** Stops everything in the ledger, last started first. */
  async stop() {
    await stopAll(this.ledger);
    this.running = [];
  }

  /** Connection URLs of the server for the two roles, on the tenants' database. */
  postgresUrls(server) {
    const { owner, app, tenantDatabase } = DEFAULT_NAMES;
    return {
      app: server.url(app, this.secrets.app, tenantDatabase),
      owner: server.url(owner, this.secrets.owner, tenantDatabase),
    };
  }

  /** Deletes a file of the stack's folder, if it is there. */
  forget(name) {
    rmSync(join(this.home, name), { force: true });
  }
}
