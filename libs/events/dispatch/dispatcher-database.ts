import { Injectable } from '@nestjs/common';
import { type DatabaseAddress, DISPATCHER_ROLE, TenantDatabases, type Transaction } from '#libs/database';
import { KnownDatabases } from '#libs/tenancy';

/**
 * Transactions in the dispatcher's role: they see the deliveries of all tenants, and of each only that it is there, for
 * whom and when. No event, no payload, no error text.
 */
@Injectable()
export class DispatcherDatabase {
  constructor(
    private readonly databases: TenantDatabases,
    private readonly known: KnownDatabases,
  ) {}

  /** The tenant databases of this installation, on all clusters. */
  all(): Promise<DatabaseAddress[]> {
    return this.known.all();
  }

  /** Runs `work` in one transaction of the given tenant database. */
  async run<T>(database: DatabaseAddress, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = await this.databases.beginWithoutTenant(database);
    try {
      await transaction.execute(`set local role ${DISPATCHER_ROLE}`);
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }
}
