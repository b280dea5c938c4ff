import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Placement } from '#libs/context';
import { DATABASE_OPTIONS, type DatabaseOptions, LandlordDatabase } from '#libs/database';
import {
  PLACEMENT_DEFAULTS,
  PLACEMENT_OPTIONS,
  PLACEMENT_STRATEGY,
  type PlacementOptions,
} from './placement/placement.options.js';
import { NoPlaceForTenant, placementOn, type PlacementWishes, type Shard, shardsOf } from './placement/shards.js';
import {
  directoryStrategy,
  hashStrategy,
  type PlacementStrategy,
  rangeStrategy,
  regionStrategy,
} from './placement/strategies.js';

/**
 * Decides in which database a tenant lives (requirement A5). For a new tenant the answer is written down as its placement;
 * from then on the placement is what counts, whatever a strategy would say today.
 */
export abstract class TenantDatabaseResolver {
  /** Name of the database for this tenant. `driver` is always `pg` here; it is part of the interface of source 1. */
  abstract databaseNameForTenant(tenantId: string, driver: string): Promise<string>;

  /** The whole placement of a new tenant. @throws NoPlaceForTenant */
  abstract placementForTenant(tenantId: string, wishes?: PlacementWishes): Promise<Placement>;
}

/** Composed of the strategies of the configuration, or the one strategy that is provided as PLACEMENT_STRATEGY. */
@Injectable()
export class ShardResolver extends TenantDatabaseResolver {
  private readonly strategies: readonly PlacementStrategy[];
  private readonly shards: readonly Shard[];
  private readonly model: Placement['model'];

  constructor(
    @Inject(DATABASE_OPTIONS) { clusters }: DatabaseOptions,
    private readonly landlord: LandlordDatabase,
    @Optional() @Inject(PLACEMENT_OPTIONS) options: PlacementOptions = PLACEMENT_DEFAULTS,
    @Optional() @Inject(PLACEMENT_STRATEGY) own?: PlacementStrategy,
  ) {
    super();
    this.shards = shardsOf(clusters);
    this.model = options.model;
    const strategies = {
      directory: () => directoryStrategy(landlord),
      hash: () => hashStrategy,
      range: () => rangeStrategy(options.ranges),
      region: () => regionStrategy(options.regions),
    };
    this.strategies = own ? [own] : options.strategies.map((name) => strategies[name]());
  }

  override async databaseNameForTenant(tenantId: string, _driver: string): Promise<string> {
    const [placed] = await this.landlord.query<{ database: string }>(
      'select database from placement where tenant_id = $1',
      [tenantId],
    );
    return placed?.database ?? (await this.placementForTenant(tenantId)).database;
  }

  override async placementForTenant(tenantId: string, wishes: PlacementWishes = {}): Promise<Placement> {
    const { cluster, database, model = this.model } = wishes;
    const isWished = (shard: Shard) =>
      (cluster ?? shard.cluster) === shard.cluster && (database ?? shard.database) === shard.database;
    let candidates: readonly Shard[] = this.shards.filter(isWished);
    if (candidates.length === 0) throw new NoPlaceForTenant('no cluster and database of this name are configured');
    // Whoever names the place has decided.
    const isDecided = cluster !== undefined || database !== undefined;
    for (const strategy of isDecided ? [] : this.strategies) {
      candidates = await strategy.choose(tenantId, candidates, wishes);
    }
    const [chosen] = candidates;
    if (!chosen) throw new NoPlaceForTenant('no shard is left');
    return placementOn(chosen, model, tenantId);
  }
}
