import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { KnownDatabases } from './known-databases.js';
import { Landlord } from './landlord.js';
import { MoveMethod, PausedCopy } from './moving/move-method.js';
import { TenantMover } from './moving/tenant-mover.js';
import { TenantMoves } from './moving/tenant-moves.repository.js';
import { MigrateAll } from './places/migrate-all.js';
import { TenantPlaces } from './places/tenant-places.js';
import { PLACEMENT_OPTIONS, type PlacementOptions } from './placement/placement.options.js';
import { ProvisioningSteps } from './provisioning-steps.js';
import { ShardResolver, TenantDatabaseResolver } from './tenant-database-resolver.js';
import { TenantDirectory } from './tenant-directory.js';

const PROVIDERS = [
  KnownDatabases,
  Landlord,
  MigrateAll,
  ProvisioningSteps,
  TenantDirectory,
  { provide: MoveMethod, useClass: PausedCopy },
  TenantMover,
  TenantMoves,
  TenantPlaces,
  { provide: TenantDatabaseResolver, useClass: ShardResolver },
];

/** Who the tenants are, where they live, and landlord work on them. */
@Global()
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class TenancyModule {
  /**
   * With the placement of the configuration.
   * @param strategy a provider of PLACEMENT_STRATEGY, when the installation has one of its own
   */
  static forRoot(options: PlacementOptions, strategy?: Provider): DynamicModule {
    const providers = [{ provide: PLACEMENT_OPTIONS, useValue: options }, ...(strategy ? [strategy] : [])];
    return { module: TenancyModule, providers };
  }
}
