import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostgres } from './binaries.mjs';
import { clusterFolder, postgresUser, privateFolder, secretsOf } from './home.mjs';
import { choosePorts } from './ports.mjs';
import { PostgresServer } from './postgres.mjs';
import { ledgerOf } from './stack.mjs';
import { claimThrowAway, discard } from './throw-away.mjs';

/** A primary and its streaming replicas, of one test's own: it may delay, kill, restart and promote them. */
export class ReplicatedPostgres {
  replicas = [];

  /**
   * @param {string} purpose tells the servers of two tests apart that run at the same time
   * @param {number} replicas how many
   */
  static async start(purpose, replicas = 1) {
    const { home, suffix } = claimThrowAway(purpose);
    const names = ['primary', ...Array.from({ length: replicas }, (_, index) => `replica_${index + 1}`)];
    const { ports } = await choosePorts(join(home, 'ports.json'), names, { seed: home });
    const servers = new ReplicatedPostgres({ home, suffix, ports });
    try {
      await servers.#startPrimary();
      for (const name of names.slice(1)) await servers.#addReplica(name);
    } catch (error) {
      await servers.stop();
      throw error;
    }
    return servers;
  }

  constructor({ home, suffix, ports }) {
    const secrets = secretsOf(home);
    Object.assign(this, { home, ports, secrets, folder: clusterFolder(home, suffix) });
    this.logs = privateFolder(join(home, 'logs'));
    this.primary = this.#server('primary');
  }

  /** Makes a replica apply what it receives this much later. */
  async delayReplay(replica, delayMs) {
    await replica.sql(`alter system set recovery_min_apply_delay = '${delayMs}ms'`);
    await replica.sql('select pg_reload_conf()');
  }

  /** Waits until the replica has applied all that the primary has written so far. */
  async untilReplayed(replica) {
    const [position] = await this.primary.sql('select pg_current_wal_flush_lsn()');
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const [reached] = await replica.sql(`select pg_last_wal_replay_lsn() >= '${position}'`);
      if (reached === 't') return;
      await sleep(25);
    }
    throw new Error(`${replica.name} did not reach ${position} within ten seconds`);
  }

  /** Kills a server as a power cut would. */
  async kill(server) {
    process.kill(server.process.pid, 'SIGKILL');
    await sleep(100);
  }

  /** Makes a replica the primary of a new timeline. The old primary is not stopped. */
  async promote(replica) {
    await replica.sql('select pg_promote(true, 30)');
  }

  /** Points a replica at another primary and starts it again. */
  async refollow(replica, primary) {
    await replica.stop();
    replica.follow(primary);
    await replica.start();
  }

  /** Stops all of them and deletes what they held. */
  async stop() {
    await discard(this.home);
  }

  #server(name) {
    return new PostgresServer({
      name: `PostgreSQL (${name})`,
      bin: findPostgres(),
      dataDir: join(this.folder, name),
      port: this.ports[name],
      user: postgresUser(),
      password: this.secrets.superuser,
      logFile: join(this.logs, `${name}.log`),
      ledger: ledgerOf(this.home),
      throwAway: true,
      slot: name,
    });
  }

  async #startPrimary() {
    await this.primary.create();
    await this.primary.start();
    const { owner, app, replicator } = this.secrets;
    await this.primary.bootstrap({ ownerPassword: owner, appPassword: app, replicatorPassword: replicator });
  }

  async #addReplica(name) {
    const replica = this.#server(name);
    await replica.createReplicaOf(this.primary, this.secrets.replicator);
    await replica.start();
    await this.primary.waitForReplica(name);
    this.replicas.push(replica);
  }
}
