import { createHash } from 'node:crypto';
import { LandlordDatabase } from '#libs/database';
import { NoPlaceForTenant, type PlacementWishes, type Shard, shardName } from './shards.js';

/** Chooses among shards. Strategies follow one another, each on what the one before it left; of what is left the first counts. */
export interface PlacementStrategy {
  /** Never empty, and in order of preference. @throws NoPlaceForTenant */
  choose(tenantId: string, candidates: readonly Shard[], wishes: PlacementWishes): Promise<readonly Shard[]>;
}

/**
 * Rendezvous hashing: the shard whose hash together with the tenant is the highest. A shard more or less moves only the
 * tenants that come to it or lose it, 1/N of all.
 */
export const hashStrategy: PlacementStrategy = {
  async choose(tenantId, candidates) {
    const scored = candidates.map((shard) => ({ shard, score: score(shard, tenantId) }));
    return scored.toSorted((a, b) => (a.score < b.score ? 1 : -1)).map(({ shard }) => shard);
  },
};

function score(shard: Shard, tenantId: string): bigint {
  return createHash('sha256')
    .update(`${shardName(shard)}\0${tenantId}`)
    .digest()
    .readBigUInt64BE();
}

/** The shards of the region that the tenant's country belongs to; all of them for a country that is not listed. */
export function regionStrategy(regions: Readonly<Record<string, string>>): PlacementStrategy {
  return {
    async choose(_tenantId, candidates, { country }) {
      const region = country === undefined ? undefined : regions[country];
      if (region === undefined) return candidates;
      const there = candidates.filter((shard) => shard.region === region);
      // Its data may have to stay in the region: nowhere else will do.
      if (there.length === 0) throw new NoPlaceForTenant(`no cluster is in the region ${region}`);
      return there;
    },
  };
}

/** Where a range of tenant ids begins, and its shard as `cluster/database`. */
export interface TenantRange {
  readonly from: string;
  readonly shard: string;
}

/** The shard of the range that the tenant's id is in. Ids begin with the time of sign-up, so ranges are periods. */
export function rangeStrategy(ranges: readonly TenantRange[]): PlacementStrategy {
  const descending = ranges.toSorted((a, b) => (a.from.toLowerCase() < b.from.toLowerCase() ? 1 : -1));
  return {
    async choose(tenantId, candidates) {
      const range = descending.find(({ from }) => from.toLowerCase() <= tenantId);
      const there = candidates.filter((shard) => shardName(shard) === range?.shard);
      if (there.length === 0) throw new NoPlaceForTenant('its range of ids has no shard');
      return there;
    },
  };
}

/** The landlord's own list decides: the shard on which it has placed the fewest tenants. */
export function directoryStrategy(landlord: LandlordDatabase): PlacementStrategy {
  return {
    async choose(_tenantId, candidates) {
      if (candidates.length < 2) return candidates;
      const rows = await landlord.query<{ cluster: string; database: string; tenants: number }>(
        `select cluster, database, count(*)::integer as tenants from placement where model <> 'database' group by 1, 2`,
      );
      const tenants = new Map(rows.map((row) => [shardName(row), row.tenants]));
      const on = (shard: Shard) => tenants.get(shardName(shard)) ?? 0;
      return candidates.toSorted((a, b) => on(a) - on(b));
    },
  };
}
