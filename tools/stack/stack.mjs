import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres, findRedis } from './binaries.mjs';
import { DEFAULT_NAMES } from './bootstrap-sql.mjs';
import { clusterFolder, postgresUser, privateFolder, secretsOf } from './home.mjs';
import { startMail, startS3 } from './node-servers.mjs';
import { PostgresServer } from './postgres.mjs';
import { ProcessLedger, stop } from './processes.mjs';
import { UserFault } from './progress.mjs';
import { startRedis } from './redis.mjs';

/** Servers of a stack that need a port. */
export const SERVER_PORTS = ['postgres', 'replica', 'queues', 'cache', 's3', 'smtp', 'mail', 'payments'];

/** The list of processes of the stack in that folder. */
export const ledgerOf = (home) => new ProcessLedger(join(home, 'processes.json'));

/** Private servers of one stack: started in order, stopped in the opposite order. */
export class Stack {
  /**
   * @param {{ home: string, suffix: string, ports: Record<string, number>, throwAway?: boolean }} options
   *   `home` holds everything of this stack; `suffix` names its folder below /var/lib when we are root; `throwAway` trades
   *   safety against power cuts for speed
   */
  constructor({ home, suffix, ports, throwAway = false }) {
    Object.assign(this, { home, suffix, ports, throwAway });
    privateFolder(home);
    privateFolder(join(home, 'logs'));
    this.secrets = secretsOf(home);
    this.ledger = ledgerOf(home);
    this.services = [];
  }

  log(name) {
    return join(this.home, 'logs', `${name}.log`);
  }

  #postgresServer(name, port) {
    const bin = findPostgres();
    if (!bin) throw new UserFault('PostgreSQL is not installed.');
    const { throwAway, ledger, secrets } = this;
    const user = postgresUser();
    const dataDir = join(clusterFolder(this.home, this.suffix), name);
    const common = { bin, port, user, throwAway, ledger, password: secrets.superuser };
    return new PostgresServer({ ...common, name: `PostgreSQL (${name})`, dataDir, logFile: this.log(`postgres-${name}`) });
  }

  async startPrimary() {
    this.primary = this.#postgresServer('primary', this.ports.postgres);
    if (!this.primary.exists) await this.primary.create();
    this.services.push(await this.primary.start());
    const { owner, app, replicator } = this.secrets;
    await this.primary.bootstrap({ ownerPassword: owner, appPassword: app, replicatorPassword: replicator });
    return `port ${this.ports.postgres}`;
  }

  async startReplica() {
    this.replica = this.#postgresServer('replica', this.ports.replica);
    if (this.replica.exists) this.replica.follow(this.primary);
    else await this.replica.createReplicaOf(this.primary, this.secrets.replicator);
    this.services.push(await this.replica.start());
    return `port ${this.ports.replica}`;
  }

  async startRedis(kind) {
    const binary = findRedis();
    if (!binary) throw new UserFault('Redis is not installed.');
    const { home, ledger, secrets } = this;
    const port = this.ports[kind];
    const options = { kind, binary, home, port, password: secrets.redis, logFile: this.log(`redis-${kind}`), ledger };
    this.services.push(await startRedis(options));
    return `port ${port}`;
  }

  async startS3() {
    this.services.push(await startS3(this));
    return `port ${this.ports.s3}`;
  }

  async startMail() {
    this.services.push(await startMail(this));
    return `port ${this.ports.smtp}, page on port ${this.ports.mail}`;
  }

  /** Stops every service of this stack in the opposite order of their start. */
  async stop(graceMs) {
    for (const service of this.services.reverse()) {
      await stop(service, graceMs);
      this.ledger.remove(service.name);
    }
    this.services = [];
  }

  /** Connection URLs of the PostgreSQL server on the port for the two roles, on the tenants' database. */
  postgresUrls(server) {
    const { owner, app, tenantDatabase } = DEFAULT_NAMES;
    return {
      app: server.url(app, this.secrets.app, tenantDatabase),
      owner: server.url(owner, this.secrets.owner, tenantDatabase),
    };
  }

  /** Whether the clone has what every stack needs from npm. */
  static get packagesInstalled() {
    return existsSync(new URL('../../node_modules/s3rver', import.meta.url));
  }
}
