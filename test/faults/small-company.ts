import { Logger } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { AccountingJobsModule } from '#erp/accounting/jobs';
import { CreateProducts } from '#erp/catalog';
import { newProduct } from '#erp/catalog/testing';
import { CreateCustomers } from '#erp/customers';
import { newCustomer } from '#erp/customers/testing';
import { IdentityModule } from '#erp/identity';
import { CreateWarehouse, RecordStockReceipt } from '#erp/inventory';
import { InventoryJobsModule } from '#erp/inventory/jobs';
import { InvoicingJobsModule } from '#erp/invoicing/jobs';
import { NotificationsJobsModule } from '#erp/notifications/jobs';
import { CancelSalesOrder, PlaceSalesOrder, ShipSalesOrder } from '#erp/sales';
import { ProvisionTenant, SignUpModule } from '#erp/tenants';
import { newTenant } from '#erp/tenants/testing';
import { ConfigModule, loadConfig } from '#libs/config';
import type { TenantIdentity } from '#libs/context';
import { consumptionForTests, deliverAll } from '#libs/events/testing';
import { UnitPrice } from '#libs/kernel';
import { MailModule } from '#libs/mail';
import { MailServer } from '#libs/mail/testing';
import { StorageModule } from '#libs/storage';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testStack } from '#libs/testing';
import { schemas } from '../../ormconfig.js';
import type { Operation } from './order-load.js';

/** All of the business in one process, quick enough to ruin the books of many companies one after the other. */
export class SmallCompanies {
  private rushes = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly mail: MailServer,
    private readonly module: TestingModule,
  ) {}

  static async open(): Promise<SmallCompanies> {
    const [database, mail] = await Promise.all([createTestDatabase(schemas), MailServer.start()]);
    const config = loadConfig(testStack().env);
    const module = await testingModule(database, {
      imports: [
        ConfigModule.forRoot(config),
        MailModule.forRoot({ ...config.mail, smtpUrl: mail.url }),
        StorageModule.forRoot(config.s3),
        consumptionForTests(),
        AccountingJobsModule,
        IdentityModule,
        InventoryJobsModule,
        InvoicingJobsModule,
        NotificationsJobsModule,
        SignUpModule,
      ],
    });
    Logger.overrideLogger(false);
    return new SmallCompanies(database, mail, module);
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.mail.stop();
    await this.database.drop();
  }

  /** Two products, ten of each; one order shipped, one that waits for stock, one cancelled after its invoice. */
  async company(): Promise<{ tenant: TenantIdentity; log: Operation[] }> {
    this.mail.reset();
    const tenant = await this.get(ProvisionTenant).execute(newTenant());
    const log = await inTenant(tenant, () => this.trade(tenant));
    await deliverAll(this.module, tenant);
    return { tenant, log };
  }

  /** So many orders at once, for all of the stock and more. */
  async rush(tenant: TenantIdentity, orders: number): Promise<PromiseSettledResult<unknown>[]> {
    return inTenant(tenant, async () => {
      const customer = await this.get(CreateCustomers).one(newCustomer('Hasty'));
      const sku = `RARE-${(this.rushes += 1)}`;
      const warehouse = await this.get(CreateWarehouse).execute({ code: sku, name: 'Rush' });
      const [product] = await this.get(CreateProducts).execute([newProduct(sku)]);
      await this.receive(warehouse.id, [product?.id ?? ''], 10, tenant.currency);
      const lines = [{ productId: product?.id ?? '', quantity: 3 }];
      const order = { customerId: customer.id, warehouseId: warehouse.id, confirm: true, lines };
      const placing = Array.from({ length: orders }, () => this.get(PlaceSalesOrder).execute(order));
      return Promise.allSettled(placing);
    });
  }

  /** Handles what has happened and is due. */
  async deliver(tenant: TenantIdentity): Promise<void> {
    await deliverAll(this.module, tenant);
  }

  get<T>(type: new (...parameters: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  private async trade(tenant: TenantIdentity): Promise<Operation[]> {
    const customer = await this.get(CreateCustomers).one(newCustomer('Bolt'));
    const warehouse = await this.get(CreateWarehouse).execute({ code: 'MAIN', name: 'Main' });
    const products = await this.get(CreateProducts).execute([newProduct('A'), newProduct('B')]);
    const [a = '', b = ''] = products.map(({ id }) => id);
    await this.receive(warehouse.id, [a, b], 10, tenant.currency);
    const place = async (note: string, lines: { productId: string; quantity: number }[]): Promise<string> => {
      const order = { customerId: customer.id, warehouseId: warehouse.id, confirm: true, note, lines };
      return (await this.get(PlaceSalesOrder).execute(order)).id;
    };
    const shipped = await place('shipped', [
      { productId: a, quantity: 3 },
      { productId: b, quantity: 2 },
    ]);
    await place('waiting', [{ productId: a, quantity: 9 }]);
    const cancelled = await place('cancelled', [{ productId: b, quantity: 1 }]);
    await this.get(ShipSalesOrder).execute({ orderId: shipped });
    await deliverAll(this.module, tenant);
    await this.get(CancelSalesOrder).execute({ orderId: cancelled });
    return ['shipped', 'waiting', 'cancelled'].map((marker) => ({ kind: 'order', marker, knowledge: 'ok' }));
  }

  private async receive(
    warehouseId: string,
    products: readonly string[],
    quantity: number,
    currency: string,
  ): Promise<void> {
    const unitCost = UnitPrice.parse('1.25', currency);
    const lines = products.map((productId) => ({ productId, quantity, unitCost }));
    await this.get(RecordStockReceipt).execute({ warehouseId, lines });
  }
}
