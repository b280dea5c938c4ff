import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { TenantIdentity } from '#libs/context';
import type { DatabaseAddress } from './clusters.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { ConnectionPools } from './pools/connection-pools.js';
import { Transaction, type TransactionOptions } from './transaction.js';

/** Opens transactions on the database that a tenant's placement names. */
@Injectable()
export class TenantDatabases {
  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    private readonly pools: ConnectionPools,
  ) {}

  /** Begins a transaction that sees this tenant's rows alone, on the primary or on the replica of that index. */
  async begin(
    tenant: TenantIdentity,
    options: Partial<TransactionOptions>,
    endpoint: 'write' | number = 'write',
  ): Promise<Transaction> {
    const { cluster, database, schema } = tenant.placement;
    const dataSource = await this.pools.get({ cluster, endpoint, database });
    return Transaction.begin(dataSource, {
      ...options,
      readOnly: options.readOnly ?? false,
      statementTimeoutMs: options.statementTimeoutMs ?? this.options.statementTimeoutMs,
      prepare: this.options.prepareStatements,
      tenantId: tenant.id,
      schema,
    });
  }

  /** A transaction of no tenant: row-level security lets nothing through but what the work plane's roles may see. */
  async beginWithoutTenant(address: DatabaseAddress): Promise<Transaction> {
    return Transaction.begin(await this.dataSource(address), {
      readOnly: false,
      statementTimeoutMs: this.options.statementTimeoutMs,
    });
  }

  /** The shared databases of all clusters. */
  sharedDatabases(): DatabaseAddress[] {
    return this.options.clusters.flatMap(({ name, databases }) =>
      databases.map((database) => ({ cluster: name, database })),
    );
  }

  /** The connected data source of a tenant database on its primary. */
  dataSource({ cluster, database }: DatabaseAddress): Promise<DataSource> {
    return this.pools.get({ cluster, endpoint: 'write', database });
  }
}
