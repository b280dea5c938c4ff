import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { TenantIdentity } from '#libs/context';
import { buildDataSource, type DatabaseLogin } from './data-source.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { Transaction, type TransactionOptions } from './transaction.js';

/** Opens transactions on the database that a tenant's placement names. Data sources are opened when first needed. */
@Injectable()
export class TenantDatabases implements OnApplicationShutdown {
  private readonly opening = new Map<string, Promise<DataSource>>();

  constructor(@Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions) {}

  /** Begins a transaction that sees this tenant's rows alone. */
  async begin(tenant: TenantIdentity, options: Partial<TransactionOptions>): Promise<Transaction> {
    const dataSource = await this.dataSource(tenant.placement.database);
    return Transaction.begin(dataSource, {
      readOnly: options.readOnly ?? false,
      snapshot: options.snapshot ?? false,
      statementTimeoutMs: options.statementTimeoutMs ?? this.options.statementTimeoutMs,
      prepare: this.options.prepareStatements,
      tenantId: tenant.id,
    });
  }

  /** A transaction of no tenant: row-level security lets nothing through but what the work plane's roles may see. */
  async beginWithoutTenant(database: string): Promise<Transaction> {
    return Transaction.begin(await this.dataSource(database), {
      readOnly: false,
      statementTimeoutMs: this.options.statementTimeoutMs,
    });
  }

  /** Names of the tenant databases of this installation: the relay visits each. */
  databaseNames(): string[] {
    return [this.options.tenant.database];
  }

  /** The connected data source of a tenant database. A failed attempt is not remembered. */
  async dataSource(database: string): Promise<DataSource> {
    const known = this.opening.get(database);
    if (known) return known;
    const login: DatabaseLogin = { ...this.options.tenant, database };
    const opened = buildDataSource('tenant', login, this.options.schemas, this.options.pool).initialize();
    this.opening.set(database, opened);
    opened.catch(() => this.opening.delete(database));
    return opened;
  }

  /** Closed last of all: workers and requests were drained in onModuleDestroy and beforeApplicationShutdown. */
  async onApplicationShutdown(): Promise<void> {
    const settled = await Promise.allSettled(this.opening.values());
    this.opening.clear();
    const connected = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all(connected.map((dataSource) => dataSource.destroy()));
  }
}
