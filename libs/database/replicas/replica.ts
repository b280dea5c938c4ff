import { performance } from 'node:perf_hooks';
import { counter, gauge, logger } from '#libs/telemetry';
import type { Endpoint } from '../clusters.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { lsnOf } from './wal-position.js';

/** Why a replica is not read from. */
export type ReplicaFault =
  'not heard of yet' | 'away' | 'behind' | 'no replica' | 'of another cluster' | 'on another timeline';

/** What a replica answers to {@link REPLICA_READING}. */
export interface ReplicaReading {
  readonly recovering: boolean;
  readonly lsn: string | null;
  readonly timeline: number;
  readonly system: string;
  /** Milliseconds since the last transaction that was replayed was committed, by the servers' own clocks. */
  readonly ageMs: number | null;
}

/**
 * The timeline is the later of what the control file says: it may be told late after a failover, never early, and a replica
 * whose timeline is not the primary's is left alone.
 */
export const REPLICA_READING = `select pg_is_in_recovery() as recovering, pg_last_wal_replay_lsn()::text as lsn,
  greatest(c.timeline_id, r.min_recovery_end_timeline) as timeline, s.system_identifier::text as system,
  extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 * 1000 as "ageMs"
  from pg_control_checkpoint() c, pg_control_recovery() r, pg_control_system() s`;

/** What is known of the primary; replicas are measured by it. */
export interface PrimaryState {
  readonly timeline: number;
  readonly system: string;
  lagMs(replayed: number): number | undefined;
}

/** Something that uses a connection to a replica and can be cut off. */
export interface Severable {
  sever(): void;
}

/** An answer older than this says nothing any more: the process was stopped, or its event loop held up. */
const HEARD_MAX_MS = 2_500;
/** Reads in a row that could not get a connection, before the replica is left alone although the watch is answered. */
const FAILED_READS_MAX = 3;

const serving = gauge('quoin_replica_serving', '1 while reads are sent to the replica', ['replica']);
const lag = gauge('quoin_replica_lag_seconds', 'How far the replica is behind the primary', ['replica']);
const changes = counter('quoin_replica_changes_total', 'Times that a replica was left alone', ['replica', 'fault']);

/** One replica as this process sees it: how far it is, and whether reads may be sent there. */
export class Replica {
  readonly name: string;
  /** Where it had replayed to when it was last heard of; it never goes back while its connection holds. */
  replayed = -1;
  /** The timeline that it was on then. */
  timeline = 0;
  lagMs = Number.POSITIVE_INFINITY;

  private readonly breaker = new CircuitBreaker();
  private readonly inFlight = new Set<Severable>();
  private fault: ReplicaFault | undefined = 'not heard of yet';
  private heardAt = Number.NEGATIVE_INFINITY;
  private failedReads = 0;

  constructor(
    cluster: string,
    readonly index: number,
    { host, port }: Endpoint,
    private readonly lagMaxMs: number,
  ) {
    this.name = `${cluster}/${host}:${port}`;
  }

  /**
   * Whether reads may be sent there, as far as they do not ask for more than it has replayed. The primary may have changed its
   * timeline since the replica was last heard of.
   */
  serves(now: number, timeline: number | undefined): boolean {
    return this.fault === undefined && this.timeline === timeline && now - this.heardAt < HEARD_MAX_MS;
  }

  /** What a read that went well there found it had replayed: fresher than the watch. */
  reached(lsn: number): void {
    this.failedReads = 0;
    if (lsn > this.replayed) this.replayed = lsn;
  }

  mayConnect(): boolean {
    return this.breaker.mayProbe(performance.now());
  }

  answered(reading: ReplicaReading, askedAt: number, primary: PrimaryState | undefined): void {
    this.breaker.mayProbe(askedAt);
    this.breaker.succeeded();
    this.heardAt = askedAt;
    this.replayed = lsnOf(reading.lsn) ?? -1;
    this.timeline = reading.timeline;
    this.lagMs = primary?.lagMs(this.replayed) ?? reading.ageMs ?? Number.POSITIVE_INFINITY;
    lag.set({ replica: this.name }, this.lagMs / 1_000);
    this.become(this.breaker.state === 'closed' ? this.faultOf(reading, primary) : (this.fault ?? 'away'));
  }

  /** The watch met no server, or one that does not answer. Reads that wait for it are cut off: the primary serves them. */
  failed(error: Error): void {
    this.breaker.failed(performance.now());
    this.become('away', error);
    for (const one of this.inFlight) one.sever();
  }

  /** A read could not get a connection. One that breaks later says little: replaying ends those that are in its way. */
  readFailed(error: Error): void {
    this.failedReads += 1;
    if (this.failedReads >= FAILED_READS_MAX) this.failed(error);
  }

  /** `user` is cut off if the replica goes away before {@link leave}. */
  enter(user: Severable): void {
    this.inFlight.add(user);
  }

  leave(user: Severable): void {
    this.inFlight.delete(user);
  }

  private faultOf(reading: ReplicaReading, primary: PrimaryState | undefined): ReplicaFault | undefined {
    if (!reading.recovering) return 'no replica';
    if (!primary) return 'not heard of yet';
    if (reading.system !== primary.system) return 'of another cluster';
    if (reading.timeline !== primary.timeline) return 'on another timeline';
    return this.lagMs > this.lagMaxMs ? 'behind' : undefined;
  }

  private become(fault: ReplicaFault | undefined, error?: Error): void {
    if (fault === this.fault) return;
    const before = this.fault;
    this.fault = fault;
    serving.set({ replica: this.name }, fault === undefined ? 1 : 0);
    const line = { replica: this.name, lagMs: Math.round(this.lagMs), ...(error && { err: error }) };
    if (fault === undefined) {
      logger().info({ ...line, before }, 'replica serves reads');
      return;
    }
    changes.inc({ replica: this.name, fault });
    logger()[before === undefined ? 'warn' : 'info']({ ...line, fault }, 'replica is left alone');
  }
}
