import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { buildDataSource } from './data-source.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { Transaction } from './transaction.js';

/**
 * The landlord's own database: tenants, domains, plans, placements. A connection of its own; no transaction reaches
 * from here into a tenant's database or back.
 */
@Injectable()
export class LandlordDatabase implements OnApplicationShutdown {
  private opening?: Promise<DataSource>;

  constructor(@Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions) {}

  /** Runs `work` in one transaction of the landlord database. */
  async run<T>(work: (transaction: Transaction) => Promise<T>, options: { readOnly?: boolean } = {}): Promise<T> {
    const transaction = await Transaction.begin(await this.dataSource(), {
      readOnly: options.readOnly ?? false,
      statementTimeoutMs: this.options.statementTimeoutMs,
    });
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }

  /** One statement in a transaction of its own. */
  async query<R>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const dataSource = await this.dataSource();
    return dataSource.query(sql, parameters as unknown[]);
  }

  /** The connected data source. A failed attempt is not remembered. */
  async dataSource(): Promise<DataSource> {
    if (!this.opening) {
      const { landlord, schemas, pool } = this.options;
      this.opening = buildDataSource('landlord', landlord, schemas, pool).initialize();
      this.opening.catch(() => (this.opening = undefined));
    }
    return this.opening;
  }

  async onApplicationShutdown(): Promise<void> {
    const opening = this.opening;
    this.opening = undefined;
    const [settled] = await Promise.allSettled([opening]);
    if (settled?.status === 'fulfilled') await settled.value?.destroy();
  }
}
