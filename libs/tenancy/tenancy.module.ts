import { Global, Module } from '@nestjs/common';
import { KnownDatabases } from './known-databases.js';
import { Landlord } from './landlord.js';
import { ProvisioningSteps } from './provisioning-steps.js';
import { SharedDatabaseResolver, TenantDatabaseResolver } from './tenant-database-resolver.js';
import { TenantDirectory } from './tenant-directory.js';

/** Who the tenants are, where they live, and landlord work on them. */
@Global()
@Module({
  providers: [
    KnownDatabases,
    Landlord,
    ProvisioningSteps,
    TenantDirectory,
    { provide: TenantDatabaseResolver, useClass: SharedDatabaseResolver },
  ],
  exports: [KnownDatabases, Landlord, ProvisioningSteps, TenantDirectory, TenantDatabaseResolver],
})
export class TenancyModule {}
