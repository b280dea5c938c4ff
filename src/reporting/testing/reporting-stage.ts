import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestingModule } from '@nestjs/testing';
import { AccountingJobsModule } from '#erp/accounting/jobs';
import { accountingSchema } from '#erp/accounting/schema';
import { CreateProducts, type NewProduct } from '#erp/catalog';
import { catalogSchema } from '#erp/catalog/schema';
import { CreateCustomers, type NewCustomer } from '#erp/customers';
import { customersSchema } from '#erp/customers/schema';
import { ImportOnlineRetail, type ImportReport, ImportsModule } from '#erp/imports';
import { importsSchema } from '#erp/imports/schema';
import { CreateWarehouse, RecordStockReceipt } from '#erp/inventory';
import { inventorySchema } from '#erp/inventory/schema';
import { BillOrder } from '#erp/invoicing';
import { InvoicingJobsModule } from '#erp/invoicing/jobs';
import { invoicingSchema } from '#erp/invoicing/schema';
import { paymentsSchema } from '#erp/payments/schema';
import { type NewSalesOrder, PlaceSalesOrder, type SalesOrderDetails, SalesOrderQueries } from '#erp/sales';
import { salesSchema } from '#erp/sales/schema';
import { tenantsSchema } from '#erp/tenants/schema';
import { givenCompany } from '#erp/tenants/testing';
import { ConfigModule, loadConfig } from '#libs/config';
import { runInContext, type TenantIdentity } from '#libs/context';
import { analyzeGrownTables, UnitOfWork } from '#libs/database';
import { consumptionForTests, deliverAll } from '#libs/events/testing';
import { UnitPrice } from '#libs/kernel';
import { StorageModule } from '#libs/storage';
import { inTenant, ProvisioningSteps } from '#libs/tenancy';
import {
  createTestDatabase,
  registerTenant,
  type TestDatabase,
  testingModule,
  testStack,
  testTenant,
} from '#libs/testing';
import { type BooksReport, ReportingModule, VerifyBooks } from '../index.js';

/** What makes and posts documents; mails, PDFs and providers stay out of the way. */
const CONSUMERS = [
  'accounting.invoice-posting',
  'accounting.payment-posting',
  'accounting.stock-posting',
  'invoicing.order-billing',
];

/** All of the business on a database of one spec's own, so that its books can be verified, and be made wrong. */
export class ReportingStage {
  customerId = '';
  warehouseId = '';
  /** Ids in the order in which the products were given to {@link newShop}. */
  products: string[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly module: TestingModule,
    public tenant: TenantIdentity,
  ) {}

  static async open(): Promise<ReportingStage> {
    const database = await createTestDatabase([
      tenantsSchema,
      catalogSchema,
      customersSchema,
      inventorySchema,
      salesSchema,
      paymentsSchema,
      invoicingSchema,
      accountingSchema,
      importsSchema,
    ]);
    const config = loadConfig(testStack().env);
    const module = await testingModule(database, {
      imports: [
        ConfigModule.forRoot(config),
        StorageModule.forRoot(config.s3),
        consumptionForTests(),
        AccountingJobsModule,
        InvoicingJobsModule,
        ImportsModule,
        ReportingModule,
      ],
    });
    return new ReportingStage(database, module, testTenant(database));
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  /** Everything from here on belongs to a new tenant, with a company and its accounts. */
  async newTenant(overrides: Partial<TenantIdentity> = {}): Promise<void> {
    this.tenant = testTenant(this.database, overrides);
    await registerTenant(this.database, this.tenant);
    await givenCompany(this.database, this.tenant);
    await this.run(async () => {
      for (const step of this.get(ProvisioningSteps).inOrder()) await step.run({} as never);
    });
  }

  /** A new tenant that has 100 of each of its goods, bought at 1.00, and a customer. */
  async newShop(products: readonly NewProduct[], customer: NewCustomer): Promise<void> {
    await this.newTenant();
    await this.as(async () => {
      const [created] = await this.get(CreateCustomers).execute([customer]);
      const warehouse = await this.get(CreateWarehouse).execute({ code: 'MAIN', name: 'Main warehouse' });
      const made = await this.get(CreateProducts).execute(products);
      this.customerId = created?.id ?? '';
      this.warehouseId = warehouse.id;
      this.products = made.map((product) => product.id);
      const unitCost = UnitPrice.parse('1.00', this.tenant.currency);
      const lines = made
        .filter((product) => product.kind === 'goods')
        .map((product) => ({ productId: product.id, quantity: 100, unitCost }));
      await this.get(RecordStockReceipt).execute({ warehouseId: this.warehouseId, lines });
    });
  }

  get<T>(type: new (...parameters: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  /** In the tenant, at the given time where one is given. */
  as<T>(work: () => Promise<T>, now?: Date): Promise<T> {
    return inTenant(this.tenant, () => (now ? runInContext({ now }, work) : work()));
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(() => this.get(UnitOfWork).run(work));
  }

  /** A confirmed order of so many of each product, billed. */
  async sell(quantities: readonly number[], overrides: Partial<NewSalesOrder> = {}): Promise<SalesOrderDetails> {
    const { customerId, warehouseId } = this;
    const lines = quantities.map((quantity, index) => ({ productId: this.products[index] ?? '', quantity }));
    const { id } = await this.get(PlaceSalesOrder).execute({
      customerId,
      warehouseId,
      confirm: true,
      lines,
      ...overrides,
    });
    await this.get(BillOrder).execute(id);
    return this.get(SalesOrderQueries).get(id);
  }

  /** Imports lines of a retail file; each is `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country`. */
  async importLines(lines: readonly string[]): Promise<ImportReport> {
    const folder = await mkdtemp(join(tmpdir(), 'quoin-reporting-'));
    try {
      const path = join(folder, 'retail.csv');
      const heading = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
      await writeFile(path, [heading, ...lines, ''].join('\n'));
      return await this.importFile(path);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  importFile(path: string): Promise<ImportReport> {
    // As the command line does it with the owner's login.
    const refreshStatistics = () => analyzeGrownTables(this.database.owner, this.tenant.placement.schema);
    return this.as(() => this.get(ImportOnlineRetail).execute({ path, openingCostPercent: 60, refreshStatistics }));
  }

  /** Lets billing and accounting do what is due. */
  async deliver(): Promise<void> {
    await deliverAll(this.module, this.tenant, CONSUMERS);
  }

  verify(month?: string): Promise<BooksReport> {
    return this.as(() => this.get(VerifyBooks).execute({ month }));
  }

  /** Codes of all faults, each once, in alphabetical order. */
  async codes(): Promise<string[]> {
    const { checks } = await this.verify();
    return [...new Set(checks.flatMap(({ faults }) => faults.map(({ code }) => code)))].toSorted();
  }

  /** As the superuser, whom neither privileges nor row-level security nor triggers hold back. `$tenant` is the tenant. */
  async forge(sql: string): Promise<void> {
    const statement = sql.replaceAll('$tenant', `'${this.tenant.id}'::uuid`);
    await this.database.asSuperuser(`set session_replication_role = replica; ${statement}`);
  }
}
