import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { addressText, clusterNamed, type DatabaseAddress, type Endpoint } from '../clusters.js';
import { buildDataSource, type PoolBounds } from '../data-source.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { type BudgetedPool, budgetedDriver } from './budgeted-pool.js';
import { ClusterHealth } from './cluster-health.js';
import { ConnectionBudget } from './connection-budget.js';

/** Which server of which cluster, and which database there. */
export interface PoolAddress extends DatabaseAddress {
  /** The primary, or the index of a replica in `ClusterOptions.reads`. */
  readonly endpoint: 'write' | number;
}

interface Opened {
  readonly address: PoolAddress;
  readonly dataSource: Promise<DataSource>;
  readonly pools: BudgetedPool[];
}

/** Of several clusters, none may hold more than this share of the connections. */
const CLUSTER_SHARE = 0.75;

const REPLICA_CONNECT_TIMEOUT_MS = 1_000;

/** A data source without a connection costs memory only; so many stay open even where few connections are allowed. */
const OPEN_MIN = 8;

/**
 * The data sources of one process, one for each database of each server, opened when first needed. All of them together
 * use DB_POOL_MAX connections at most: before that is passed, one is closed that is idle in the data source which was not
 * asked for longest. Data sources themselves are closed in the same order when there are too many.
 */
@Injectable()
export class ConnectionPools implements OnApplicationShutdown {
  private readonly budget: ConnectionBudget;
  /** Least recently asked for first. */
  private readonly opened = new Map<string, Opened>();

  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    private readonly health: ClusterHealth,
  ) {
    const { max } = options.pool;
    const isAlone = options.clusters.length === 1;
    this.budget = new ConnectionBudget(max, isAlone ? max : Math.ceil(max * CLUSTER_SHARE));
    health.onDown((cluster) => this.sever(cluster));
  }

  /**
   * The connected data source. A failed attempt is not remembered.
   * @throws ClusterUnavailable at once, when its primary is known to be down and was asked for
   */
  async get(address: PoolAddress): Promise<DataSource> {
    if (address.endpoint === 'write') this.health.require(address.cluster);
    const key = `${addressText(address)}@${address.endpoint}`;
    const opened = this.opened.get(key) ?? this.open(address);
    this.opened.delete(key);
    this.opened.set(key, opened);
    this.closeForgotten();
    try {
      return await opened.dataSource;
    } catch (error) {
      if (this.opened.get(key) === opened) this.opened.delete(key);
      throw error;
    }
  }

  /** Connections of all data sources, idle ones included. */
  get connections(): number {
    return [...this.opened.values()].flatMap(({ pools }) => pools).reduce((sum, pool) => sum + pool.totalCount, 0);
  }

  /** Data sources that are open. */
  get size(): number {
    return this.opened.size;
  }

  /** Closed last of all: workers and requests were drained in onModuleDestroy and beforeApplicationShutdown. */
  async onApplicationShutdown(): Promise<void> {
    const opened = [...this.opened.values()];
    this.opened.clear();
    await Promise.all(opened.map(close));
  }

  private open(address: PoolAddress): Opened {
    const { tenant, schemas } = this.options;
    const bounds = this.bounds(address);
    const pools: BudgetedPool[] = [];
    const share = {
      budget: this.budget,
      group: address.endpoint === 'write' ? address.cluster : `${address.cluster} replicas`,
      timeoutMs: bounds.connectTimeoutMs,
      beforeOpening: (asking: BudgetedPool) => this.makeRoom(asking),
    };
    const login = { ...tenant, ...this.endpoint(address), database: address.database };
    const driver = budgetedDriver(share, (made) => pools.push(made));
    return { address, dataSource: buildDataSource('tenant', login, schemas, bounds, { driver }).initialize(), pools };
  }

  /** For a replica nobody waits long: the primary is there. */
  private bounds({ endpoint }: PoolAddress): PoolBounds {
    const { pool } = this.options;
    if (endpoint === 'write') return pool;
    return { ...pool, connectTimeoutMs: Math.min(pool.connectTimeoutMs, REPLICA_CONNECT_TIMEOUT_MS) };
  }

  private endpoint({ cluster, endpoint }: PoolAddress): Endpoint {
    const { write, reads } = clusterNamed(this.options.clusters, cluster);
    const found = endpoint === 'write' ? write : reads[endpoint];
    if (!found) throw new Error(`cluster ${cluster} has no replica ${endpoint}`);
    return found;
  }

  /** Connections that wait for a dead server are needed elsewhere. */
  private sever(cluster: string): void {
    for (const { address, pools } of this.opened.values()) {
      if (address.cluster === cluster && address.endpoint === 'write') for (const pool of pools) pool.sever();
    }
  }

  private makeRoom(asking: BudgetedPool): void {
    if (this.connections < this.budget.max) return;
    const pools = [...this.opened.values()].flatMap((opened) => opened.pools);
    pools.some((pool) => pool !== asking && pool.closeIdle());
  }

  private closeForgotten(): void {
    const max = Math.max(this.budget.max, OPEN_MIN);
    for (const [key, opened] of this.opened) {
      if (this.opened.size <= max) return;
      if (opened.pools.some((pool) => pool.inUse > 0)) continue;
      this.opened.delete(key);
      void close(opened);
    }
  }
}

async function close({ dataSource }: Opened): Promise<void> {
  const [settled] = await Promise.allSettled([dataSource]);
  if (settled.status === 'fulfilled') await settled.value.destroy();
}
