import { Inject, Injectable } from '@nestjs/common';
import type { Placement } from '#libs/context';
import { DATABASE_OPTIONS, type DatabaseOptions } from '#libs/database';

/**
 * Decides in which database a new tenant will live (requirement A5). The answer is written down as the tenant's
 * placement; from then on the placement is what counts.
 */
export abstract class TenantDatabaseResolver {
  /** Name of the database for this tenant. `driver` is always `pg` here; it is part of the interface of source 1. */
  abstract databaseNameForTenant(tenantId: string, driver: string): string;

  /** The whole placement of a new tenant. */
  abstract placementForTenant(tenantId: string): Placement;
}

/** Row-level model: all tenants share one database, kept apart by row-level security. */
@Injectable()
export class SharedDatabaseResolver extends TenantDatabaseResolver {
  constructor(@Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions) {
    super();
  }

  override databaseNameForTenant(): string {
    return this.options.tenant.database;
  }

  override placementForTenant(): Placement {
    return { model: 'shared', cluster: 'default', database: this.databaseNameForTenant(), schema: 'public' };
  }
}
