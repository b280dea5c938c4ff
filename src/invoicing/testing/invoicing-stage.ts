import type { TestingModule } from '@nestjs/testing';
import { CreateProducts, type NewProduct } from '#erp/catalog';
import { catalogSchema } from '#erp/catalog/schema';
import { newProduct } from '#erp/catalog/testing';
import { CreateCustomers } from '#erp/customers';
import { customersSchema } from '#erp/customers/schema';
import { newCustomer } from '#erp/customers/testing';
import { CreateWarehouse, RecordStockReceipt, StockQueries } from '#erp/inventory';
import { inventorySchema } from '#erp/inventory/schema';
import { type NewSalesOrder, PlaceSalesOrder, type SalesOrderDetails, SalesOrderQueries } from '#erp/sales';
import { salesSchema } from '#erp/sales/schema';
import { tenantsSchema } from '#erp/tenants/schema';
import { givenCompany } from '#erp/tenants/testing';
import { ConfigModule, loadConfig } from '#libs/config';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { UnitPrice } from '#libs/kernel';
import { StorageModule } from '#libs/storage';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testStack, testTenant } from '#libs/testing';
import { InvoicingBooksCheck, InvoicingModule } from '../index.js';
import { invoicingSchema } from '../schema.js';

/** Invoicing on a database of one spec's own, with a company that sells to one customer. */
export class InvoicingStage {
  customerId = '';
  warehouseId = '';
  products: string[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly module: TestingModule,
    public tenant: TenantIdentity,
  ) {}

  static async open(): Promise<InvoicingStage> {
    const schemas = [catalogSchema, customersSchema, inventorySchema, salesSchema, tenantsSchema, invoicingSchema];
    const database = await createTestDatabase(schemas);
    const config = loadConfig(testStack().env);
    const module = await testingModule(database, {
      imports: [ConfigModule.forRoot(config), StorageModule.forRoot(config.s3), InvoicingModule],
    });
    return new InvoicingStage(database, module, testTenant(database));
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  /** A new tenant whose goods are in stock, 100 of each. */
  async newShop(
    inputs: readonly NewProduct[] = [newProduct('A')],
    overrides: Partial<TenantIdentity> = {},
  ): Promise<void> {
    this.tenant = testTenant(this.database, overrides);
    await givenCompany(this.database, this.tenant);
    await this.as(async () => {
      const [customer] = await this.get(CreateCustomers).execute([newCustomer('Ada Ltd')]);
      const warehouse = await this.get(CreateWarehouse).execute({ code: 'MAIN', name: 'Main warehouse' });
      const products = await this.get(CreateProducts).execute(inputs);
      this.customerId = customer?.id ?? '';
      this.warehouseId = warehouse.id;
      this.products = products.map((product) => product.id);
      const goods = products.filter((product) => product.kind === 'goods');
      const unitCost = UnitPrice.parse('1.00', this.tenant.currency);
      const lines = goods.map((product) => ({ productId: product.id, quantity: 100, unitCost }));
      await this.get(RecordStockReceipt).execute({ warehouseId: this.warehouseId, lines });
    });
  }

  get<T>(type: new (...parameters: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  as<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, work);
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(() => this.get(UnitOfWork).run(work));
  }

  /** A confirmed order of so many of each product. */
  async order(quantities: readonly number[], overrides: Partial<NewSalesOrder> = {}): Promise<SalesOrderDetails> {
    const { customerId, warehouseId } = this;
    const lines = quantities.map((quantity, index) => ({ productId: this.products[index] ?? '', quantity }));
    const input = { customerId, warehouseId, confirm: true, lines, ...overrides };
    const placed = await this.as(() => this.get(PlaceSalesOrder).execute(input));
    return this.orderNow(placed.id);
  }

  orderNow(id: string): Promise<SalesOrderDetails> {
    return this.as(() => this.get(SalesOrderQueries).get(id));
  }

  async onHand(productId: string | undefined): Promise<{ onHand: number; valueMinor: bigint }> {
    const levels = await this.as(() => this.get(StockQueries).levelsOf(this.warehouseId, [productId ?? '']));
    const { onHand = 0, valueMinor = 0n } = levels.get(productId ?? '') ?? {};
    return { onHand, valueMinor };
  }

  /** What is wrong with the tenant's documents. */
  async faults(): Promise<string[]> {
    const faults = await this.as(() => this.get(InvoicingBooksCheck).faults());
    return faults.map((fault) => `${fault.code}: ${fault.message}`);
  }
}
