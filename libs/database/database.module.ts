import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { ExclusiveWork } from './exclusive-work.js';
import { LandlordDatabase } from './landlord-database.js';
import { ClusterHealth } from './pools/cluster-health.js';
import { ConnectionPools } from './pools/connection-pools.js';
import { ReplicaRouter } from './replicas/replica-router.js';
import { TransactionSource } from './replicas/transaction-source.js';
import { TenantDatabases } from './tenant-databases.js';
import { UnitOfWork } from './unit-of-work.js';

const PROVIDERS = [
  ClusterHealth,
  ConnectionPools,
  ExclusiveWork,
  LandlordDatabase,
  ReplicaRouter,
  TenantDatabases,
  TransactionSource,
  UnitOfWork,
];

/** The landlord's and the tenants' databases for one process. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DATABASE_OPTIONS, useValue: options }, ...PROVIDERS],
      exports: [...PROVIDERS, DATABASE_OPTIONS],
    };
  }
}
