import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { CreateCustomers, type NewCustomer } from '../create-customers.js';
import type { Customer } from '../customer.entity.js';
import { CustomersModule } from '../customers.module.js';
import { customersSchema } from '../schema.js';

/** Customers on a database of one spec's own. `tenant` can be changed between tests. */
export class CustomersStage {
  private constructor(
    readonly database: TestDatabase,
    readonly module: TestingModule,
    public tenant: TenantIdentity,
  ) {}

  static async open(): Promise<CustomersStage> {
    const database = await createTestDatabase([customersSchema]);
    const module = await testingModule(database, { imports: [CustomersModule] });
    return new CustomersStage(database, module, testTenant(database));
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  /** Starts over with a tenant that has nobody. */
  freshTenant(): void {
    this.tenant = testTenant(this.database);
  }

  /** Runs work in a unit of work of the tenant. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, () => this.module.get(UnitOfWork).run(work));
  }

  /** Creates customers in one unit of work. */
  create(...inputs: NewCustomer[]): Promise<Customer[]> {
    return this.run(() => this.module.get(CreateCustomers).execute(inputs));
  }

  /** Creates one customer. */
  createOne(input: NewCustomer): Promise<Customer> {
    return this.run(() => this.module.get(CreateCustomers).one(input));
  }

  /** Until a statement waits for another transaction. */
  async untilSomebodyWaits(): Promise<void> {
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    for (let attempt = 0; attempt < 200; attempt++) {
      if ((await this.database.asSuperuser(waiting)).length > 0) return;
      await sleep(20);
    }
    throw new Error('nobody waited for anybody');
  }
}
