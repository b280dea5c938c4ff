import { Injectable } from '@nestjs/common';
import { type DatabaseAddress, DISPATCHER_ROLE, TenantDatabases, type Transaction } from '#libs/database';
import { KnownDatabases } from '#libs/tenancy';

/** A condition on deliveries `d`: their tenant is not being moved, and has not been moved to another database. */
export const TENANT_IS_HERE = `
  not exists (select from platform.tenant_gate g where g.tenant_id = d.tenant_id and g.state <> 'left')`;

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
      // A tenant that is to be moved is copied when all who did not see its gate closed have ended.
      await transaction.execute(`set local role ${DISPATCHER_ROLE}; select platform.enter_dispatch()`);
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }
}
