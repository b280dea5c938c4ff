import type { ClusterOptions, Endpoint } from '../clusters.js';
import type { DatabaseLogin } from '../data-source.js';
import { LagHistory } from './lag-history.js';
import { PositionWatch } from './position-watch.js';
import { type PrimaryState, Replica, REPLICA_READING, type ReplicaReading } from './replica.js';
import { positionOf, PRIMARY_READING, type PrimaryReading, type WalPosition } from './wal-position.js';

type WatchedPrimary = PrimaryReading & { readonly system: string };

const WATCHED_PRIMARY = `select reading.*, s.system_identifier::text as system
  from (${PRIMARY_READING}) reading, pg_control_system() s`;

/** Replicas this little apart are alike: which of them serves is decided by the tenant, so that it stays the same one. */
const ALIKE_MS = 250;

/** The replicas of one cluster and the primary they are measured by, as this process sees them. */
export class ClusterReplicas {
  private readonly replicas: readonly Replica[];
  private readonly watches: readonly { start(): void; stop(): void }[];
  private readonly history: LagHistory;
  /** Kept while the primary is away: nobody has anything newer then. */
  private primary: (PrimaryState & { readonly timeline: number }) | undefined;

  constructor(
    private readonly cluster: ClusterOptions,
    login: DatabaseLogin,
    lagMaxMs: number,
  ) {
    this.history = new LagHistory(lagMaxMs);
    this.replicas = cluster.reads.map((endpoint, index) => new Replica(cluster.name, index, endpoint, lagMaxMs));
    const at = (endpoint: Endpoint): DatabaseLogin => ({
      ...login,
      ...endpoint,
      database: cluster.databases[0] ?? login.database,
    });
    this.watches = [
      new PositionWatch<WatchedPrimary>(at(cluster.write), WATCHED_PRIMARY, {
        answered: (reading, askedAt) => this.primaryAnswered(reading, askedAt),
        failed: () => undefined,
        mayConnect: () => true,
      }),
      ...cluster.reads.map((endpoint, index) => this.watch(at(endpoint), index)),
    ];
  }

  start(): void {
    for (const watch of this.watches) watch.start();
  }

  stop(): void {
    for (const watch of this.watches) watch.stop();
  }

  /**
   * The least lagging replica that has replayed what is needed; undefined when the primary must serve. Among replicas that
   * are alike, `spread` decides.
   */
  choose(needed: WalPosition | undefined, spread: number, now: number): Replica | undefined {
    const timeline = this.primary?.timeline;
    if (needed && (needed.cluster !== this.cluster.name || needed.timeline !== timeline)) return undefined;
    const lsn = needed?.lsn ?? 0;
    const { replicas } = this;
    let least: Replica | undefined;
    for (const replica of replicas) {
      if (!replica.serves(now, timeline) || replica.replayed < lsn) continue;
      if (!least || replica.lagMs < least.lagMs) least = replica;
    }
    if (!least || replicas.length === 1) return least;
    for (let step = 0; step < replicas.length; step += 1) {
      const replica = replicas[(spread + step) % replicas.length];
      if (replica?.serves(now, timeline) && replica.replayed >= lsn && replica.lagMs <= least.lagMs + ALIKE_MS)
        return replica;
    }
    return least;
  }

  private watch(login: DatabaseLogin, index: number): PositionWatch<ReplicaReading> {
    const replica = this.replicas[index];
    if (!replica) throw new Error(`cluster ${this.cluster.name} has no replica ${index}`);
    return new PositionWatch<ReplicaReading>(login, REPLICA_READING, {
      answered: (reading, askedAt) => replica.answered(reading, askedAt, this.primary),
      failed: (error) => replica.failed(error),
      mayConnect: () => replica.mayConnect(),
    });
  }

  private primaryAnswered(reading: WatchedPrimary, askedAt: number): void {
    const position = positionOf(this.cluster.name, reading);
    if (!position) return;
    const { timeline, lsn } = position;
    if (this.primary?.timeline !== timeline || this.primary.system !== reading.system) {
      this.history.clear();
      this.primary = { timeline, system: reading.system, lagMs: (replayed) => this.history.lagMs(replayed) };
    }
    this.history.add(askedAt, lsn);
  }
}
