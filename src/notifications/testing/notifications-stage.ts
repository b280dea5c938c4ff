import { Logger } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { CreateProducts } from '#erp/catalog';
import { catalogSchema } from '#erp/catalog/schema';
import { newProduct } from '#erp/catalog/testing';
import { CreateCustomers } from '#erp/customers';
import { customersSchema } from '#erp/customers/schema';
import { newCustomer } from '#erp/customers/testing';
import { CreateWarehouse } from '#erp/inventory';
import { inventorySchema } from '#erp/inventory/schema';
import { PlaceSalesOrder, type PlacedSalesOrder } from '#erp/sales';
import { salesSchema } from '#erp/sales/schema';
import { tenantsSchema } from '#erp/tenants/schema';
import { givenCompany } from '#erp/tenants/testing';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import type { TenantIdentity } from '#libs/context';
import { consumptionForTests, deliverAll } from '#libs/events/testing';
import { MailModule } from '#libs/mail';
import { MailServer } from '#libs/mail/testing';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, registerTenant, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { NotificationsJobsModule } from '../jobs.js';
import { notificationsSchema } from '../schema.js';

/** Names as the person may choose them. */
export interface Names {
  readonly customer?: string;
  readonly email?: string | null;
  readonly product?: string;
  readonly company?: string;
}

/** A delivery of the confirmation, as far as specs look at it. */
export interface ConfirmationDelivery {
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
}

/** A row of `email_message`, as far as specs look at it. */
export interface MailRow {
  readonly id: string;
  readonly to_address: string;
  readonly status: string;
  readonly attempts: number;
}

const SCHEMAS = [catalogSchema, customersSchema, inventorySchema, salesSchema, tenantsSchema, notificationsSchema];
const CONFIRMATION = 'notifications.order-confirmation';

/** Workers that send confirmations over a real SMTP server, and the orders they send them for. */
export class NotificationsStage {
  private readonly workers: TestingModule[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly mail: MailServer,
    public tenant: TenantIdentity,
  ) {}

  static async open(): Promise<NotificationsStage> {
    const [database, mail] = await Promise.all([createTestDatabase(SCHEMAS), MailServer.start()]);
    const stage = new NotificationsStage(database, mail, testTenant(database));
    await stage.worker();
    return stage;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.close();
    await this.mail.stop();
    await this.database.drop();
  }

  /** One more process that sends mail. */
  async worker(): Promise<TestingModule> {
    const mail = { smtpUrl: this.mail.url, from: 'Quoin <no-reply@quoin.example>', idleTimeoutMs: 2_000 };
    const imports = [
      ConfigModule.forRoot(testConfig()),
      MailModule.forRoot(mail),
      consumptionForTests(),
      NotificationsJobsModule,
    ];
    const worker = await testingModule(this.database, { imports });
    this.workers.push(worker);
    // The failures that specs bring about are not for the log.
    Logger.overrideLogger(false);
    return worker;
  }

  /** A confirmed order of a new tenant: two of a product at 2.55 and 20 % tax. */
  async order(names: Names = {}): Promise<PlacedSalesOrder> {
    this.tenant = testTenant(this.database);
    await registerTenant(this.database, this.tenant);
    await givenCompany(this.database, this.tenant, { legalName: names.company ?? 'Test Traders Ltd' });
    return inTenant(this.tenant, async () => {
      const email = names.email === undefined ? 'buyer@customer.example' : names.email;
      const customer = await this.get(CreateCustomers).one(newCustomer(names.customer ?? 'Bolt & Sons', { email }));
      const warehouse = await this.get(CreateWarehouse).execute({ code: 'MAIN', name: 'Main warehouse' });
      const [product] = await this.get(CreateProducts).execute([newProduct('A', { name: names.product ?? 'Lamp' })]);
      const lines = [{ productId: product?.id ?? '', quantity: 2 }];
      const order = { customerId: customer.id, warehouseId: warehouse.id, confirm: true, lines };
      return this.get(PlaceSalesOrder).execute(order);
    });
  }

  /** Hands the confirmation to a worker (the first one) once, or as often as it says that it is due. */
  async deliver(worker = this.workers[0]): Promise<string[]> {
    if (!worker) throw new Error('no worker');
    const delivered = await deliverAll(worker, this.tenant, [CONFIRMATION]);
    return delivered.map(({ outcome }) => outcome);
  }

  /** Makes the delivery what it is when its job comes, whatever it was put off to. */
  async makeDue(state: 'pending' | 'as it is' = 'as it is'): Promise<void> {
    const again = state === 'pending' ? `, state = 'pending', completed_at = null` : '';
    await this.ofTenant(`update platform.delivery set due_at = now()${again} where tenant_id = $1 and consumer = $2`);
  }

  /** The worker that has the delivery has not been heard of for long. */
  async leaseRunsOut(): Promise<void> {
    await this.ofTenant(
      `update platform.delivery set state = 'pending', due_at = now(), lease_id = null, lease_until = null
       where tenant_id = $1 and consumer = $2`,
    );
  }

  async delivery(): Promise<ConfirmationDelivery> {
    const [row] = await this.ofTenant<ConfirmationDelivery>(
      'select state, attempts, last_error from platform.delivery where tenant_id = $1 and consumer = $2',
    );
    if (!row) throw new Error('no order was confirmed');
    return row;
  }

  /** All mails of the tenant. */
  async mails(): Promise<MailRow[]> {
    return this.database.asSuperuser<MailRow>(
      'select id, to_address, status, attempts from email_message where tenant_id = $1',
      [this.tenant.id],
    );
  }

  private ofTenant<R>(sql: string): Promise<R[]> {
    return this.database.asSuperuser<R>(sql, [this.tenant.id, CONFIRMATION]);
  }

  private get<T>(type: new (...parameters: never[]) => T): T {
    const [worker] = this.workers;
    if (!worker) throw new Error('no worker');
    return worker.get<T>(type, { strict: false });
  }
}
