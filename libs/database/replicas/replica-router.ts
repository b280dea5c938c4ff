import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { TenantIdentity } from '#libs/context';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { ClusterReplicas } from './cluster-replicas.js';
import type { Replica } from './replica.js';
import type { WalPosition } from './wal-position.js';

/** A replica that is further behind serves nobody; seconds are `DB_REPLICA_MAX_LAG`. */
const LAG_MAX_MS = 60_000;

/**
 * Which server serves a read. Watches the positions of primaries and replicas in the background; the answer itself is at hand.
 */
@Injectable()
export class ReplicaRouter implements OnApplicationShutdown {
  private readonly clusters = new Map<string, ClusterReplicas>();
  private readonly split: ReadonlySet<string>;
  /** Runs what outlives the request that asked first, and is none of its business. */
  private readonly atBoot = AsyncLocalStorage.snapshot();
  private stopped = false;

  constructor(@Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions) {
    this.split = new Set(options.clusters.filter(({ reads }) => reads.length > 0).map(({ name }) => name));
  }

  /** Whether any cluster has replicas. */
  get splitsAny(): boolean {
    return this.split.size > 0;
  }

  /** Whether the cluster has replicas at all. Where not, positions are of no use. */
  splits(cluster: string): boolean {
    return this.split.has(cluster);
  }

  /** Begins to watch all clusters; otherwise each is watched from the first question on. */
  watch(): void {
    for (const name of this.split) this.replicasOf(name);
  }

  /**
   * The replica for a read of this tenant: the least lagging healthy one that has replayed `needed`. Undefined: the primary.
   * Never waits.
   */
  choose({ id, placement }: TenantIdentity, needed: WalPosition | undefined): Replica | undefined {
    if (!this.split.has(placement.cluster)) return undefined;
    return this.replicasOf(placement.cluster)?.choose(needed, spreadOf(id), performance.now());
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    for (const cluster of this.clusters.values()) cluster.stop();
    this.clusters.clear();
  }

  private replicasOf(name: string): ClusterReplicas | undefined {
    const known = this.clusters.get(name);
    if (known || this.stopped) return known;
    const cluster = this.options.clusters.find((one) => one.name === name);
    if (!cluster) return undefined;
    const replicas = new ClusterReplicas(cluster, this.options.tenant, this.options.replicaLagMaxMs ?? LAG_MAX_MS);
    this.clusters.set(name, replicas);
    this.atBoot(() => replicas.start());
    return replicas;
  }
}

/** The random end of a UUID as a number. */
function spreadOf(tenantId: string): number {
  return Number.parseInt(tenantId.slice(-7), 16);
}
