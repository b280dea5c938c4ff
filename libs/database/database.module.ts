import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { LandlordDatabase } from './landlord-database.js';
import { TenantDatabases } from './tenant-databases.js';
import { UnitOfWork } from './unit-of-work.js';

/** The landlord's and the tenants' databases for one process. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DATABASE_OPTIONS, useValue: options }, LandlordDatabase, TenantDatabases, UnitOfWork],
      exports: [LandlordDatabase, TenantDatabases, UnitOfWork, DATABASE_OPTIONS],
    };
  }
}
