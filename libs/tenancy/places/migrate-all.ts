import { Inject, Injectable } from '@nestjs/common';
import type { Placement } from '#libs/context';
import { DATABASE_OPTIONS, type DatabaseOptions, LandlordDatabase, migrateDatabase } from '#libs/database';
import { OwnerLoginMissing, type Place, placeText, TenantPlaces } from './tenant-places.js';

/** How one place fared. */
export interface PlaceOutcome {
  /** `cluster/database/schema`, or `landlord`. */
  readonly place: string;
  readonly applied: readonly string[];
  readonly error?: Error;
}

/** How a run over all places is done. */
export interface MigrateAllOptions {
  /** Places at the same time; default 4. */
  readonly parallel?: number;
  /** Told after each place. */
  readonly onProgress?: (outcome: PlaceOutcome, done: number, total: number) => void;
}

const PARALLEL = 4;

// A tenant whose place was never made has nothing to migrate.
const PLACES = `
  select distinct p.model, p.cluster, p.database, p.schema from placement p join tenant t on t.id = p.tenant_id
  where p.model <> 'shared' and (t.status <> 'provisioning' or exists (select from place_version v
    where v.cluster = p.cluster and v.database = p.database and v.schema = p.schema))
  order by p.cluster, p.database, p.schema`;

/**
 * Brings everything up to date: the landlord, the shared databases and those of single tenants, then every schema. A place that
 * fails does not stop the others; the next run takes up what is missing, because each place knows what it has.
 */
@Injectable()
export class MigrateAll {
  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    private readonly landlord: LandlordDatabase,
    private readonly places: TenantPlaces,
  ) {}

  /** Every place with what became of it. @throws only when the landlord cannot be migrated or read */
  async run(options: MigrateAllOptions = {}): Promise<PlaceOutcome[]> {
    const first = await this.migrateLandlord();
    const own = await this.landlord.query<Placement>(PLACES);
    const databases = [...this.shared(), ...own.filter(({ model }) => model === 'database')];
    const schemas = own.filter(({ model }) => model === 'schema');
    const progress = new Progress(1 + databases.length + schemas.length, options.onProgress);
    progress.add(first);
    // Tables of single tenants stand beside the schema `platform` of their database: it comes first.
    for (const batch of [databases, schemas]) await this.migrateSome(batch, options.parallel ?? PARALLEL, progress);
    return progress.outcomes;
  }

  private async migrateLandlord(): Promise<PlaceOutcome> {
    const { landlord, owner, schemas } = this.options;
    if (!owner) throw new OwnerLoginMissing();
    const { applied } = await migrateDatabase('landlord', { ...landlord, ...owner }, schemas);
    return { place: 'landlord', applied };
  }

  private shared(): Place[] {
    return this.options.clusters.flatMap(({ name, databases }) =>
      databases.map((database) => ({ cluster: name, database, schema: 'public' })),
    );
  }

  private async migrateSome(places: readonly Place[], parallel: number, progress: Progress): Promise<void> {
    const waiting = [...places];
    const lane = async () => {
      for (let place = waiting.shift(); place; place = waiting.shift()) progress.add(await this.migrate(place));
    };
    await Promise.all(Array.from({ length: parallel }, lane));
  }

  private async migrate(place: Place): Promise<PlaceOutcome> {
    try {
      const { applied } = await this.places.migrate(place);
      return { place: placeText(place), applied };
    } catch (error) {
      return { place: placeText(place), applied: [], error: error as Error };
    }
  }
}

class Progress {
  readonly outcomes: PlaceOutcome[] = [];

  constructor(
    private readonly total: number,
    private readonly tell: MigrateAllOptions['onProgress'],
  ) {}

  add(outcome: PlaceOutcome): void {
    this.outcomes.push(outcome);
    this.tell?.(outcome, this.outcomes.length, this.total);
  }
}
