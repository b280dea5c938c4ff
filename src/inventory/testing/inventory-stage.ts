import type { ModuleMetadata } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { CreateProducts } from '#erp/catalog';
import { catalogSchema } from '#erp/catalog/schema';
import { newProduct } from '#erp/catalog/testing';
import type { TenantIdentity } from '#libs/context';
import { TenantDatabases, UnitOfWork } from '#libs/database';
import { UnitPrice } from '#libs/kernel';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { CreateWarehouse, InventoryModule, RecordStockReceipt, StockBooksCheck, StockQueries } from '../index.js';
import { inventorySchema } from '../schema.js';
import { stockDemandFakeSchema } from './demand-schema.js';
import { FakeSales } from './fake-sales.js';
import { FakeStockDemands } from './fake-stock-demands.js';

/** What a level says. */
export interface LevelFigures {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly valueMinor: bigint;
}

/** Inventory on a database of one spec's own, with a stand-in for sales. `tenant` can be changed between tests. */
export class InventoryStage {
  private begun = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly module: TestingModule,
    public tenant: TenantIdentity,
  ) {}

  /** @param more further modules, e.g. the jobs */
  static async open(more: ModuleMetadata = {}): Promise<InventoryStage> {
    const database = await createTestDatabase([catalogSchema, inventorySchema, stockDemandFakeSchema]);
    const module = await testingModule(database, {
      imports: [InventoryModule, ...(more.imports ?? [])],
      providers: [FakeStockDemands, FakeSales],
    });
    const stage = new InventoryStage(database, module, testTenant(database));
    stage.countTransactions();
    return stage;
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  /** Everything from here on belongs to a tenant that has nothing yet. */
  newTenant(): void {
    this.tenant = testTenant(this.database);
  }

  /** Transactions begun so far: more than there were units of work means that some were repeated after a deadlock. */
  get transactions(): number {
    return this.begun;
  }

  get demands(): FakeStockDemands {
    return this.module.get(FakeStockDemands);
  }

  get sales(): FakeSales {
    return this.module.get(FakeSales);
  }

  /** A verb or query of inventory. */
  get<T>(type: new (...parameters: never[]) => T): T {
    return this.module.get<T>(type);
  }

  /** In the tenant, without a unit of work. */
  as<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, work);
  }

  /** In one unit of work of the tenant. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(() => this.get(UnitOfWork).run(work));
  }

  async warehouse(code = 'MAIN'): Promise<string> {
    return (await this.as(() => this.get(CreateWarehouse).execute({ code, name: `Warehouse ${code}` }))).id;
  }

  /** Goods of the catalogue. */
  async products(count: number): Promise<string[]> {
    const inputs = Array.from({ length: count }, (_, index) => newProduct(`SKU-${index + 1}`));
    const created = await this.as(() => this.get(CreateProducts).execute(inputs));
    return created.map((product) => product.id);
  }

  /** Receives units at a cost like '1.25' each. */
  async receive(warehouseId: string, productId: string, quantity: number, cost = '1.00'): Promise<void> {
    const lines = [{ productId, quantity, unitCost: UnitPrice.parse(cost, this.tenant.currency) }];
    await this.as(() => this.get(RecordStockReceipt).execute({ warehouseId, lines }));
  }

  async level(warehouseId: string, productId: string): Promise<LevelFigures> {
    const levels = await this.as(() => this.get(StockQueries).levelsOf(warehouseId, [productId]));
    const level = levels.get(productId);
    if (!level) throw new Error('the product was never in this warehouse');
    const { onHand, reserved, available, valueMinor } = level;
    return { onHand, reserved, available, valueMinor };
  }

  /** Codes of what is wrong with the tenant's stock. */
  async faults(): Promise<string[]> {
    return (await this.as(() => this.get(StockBooksCheck).faults())).map((fault) => `${fault.code}: ${fault.message}`);
  }

  private countTransactions(): void {
    const databases = this.module.get(TenantDatabases);
    const begin = databases.begin.bind(databases);
    databases.begin = (...parameters) => {
      this.begun += 1;
      return begin(...parameters);
    };
  }
}
