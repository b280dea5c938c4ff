import type { TestingModule } from '@nestjs/testing';
import { CreateProducts, type NewProduct } from '#erp/catalog';
import { catalogSchema } from '#erp/catalog/schema';
import { newProduct } from '#erp/catalog/testing';
import { CreateCustomers } from '#erp/customers';
import { customersSchema } from '#erp/customers/schema';
import { newCustomer } from '#erp/customers/testing';
import { CreateWarehouse, RecordStockReceipt, StockBooksCheck, StockQueries } from '#erp/inventory';
import { inventorySchema } from '#erp/inventory/schema';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { UnitPrice } from '#libs/kernel';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import {
  type NewOrderLine,
  type NewSalesOrder,
  OrderBooksCheck,
  type PlacedSalesOrder,
  PlaceSalesOrder,
  type SalesOrderDetails,
  SalesModule,
  SalesOrderQueries,
} from '../index.js';
import { salesSchema } from '../schema.js';

/** A tenant that can sell: a customer, a warehouse and some goods. */
export interface Shop {
  readonly customerId: string;
  readonly warehouseId: string;
  /** Goods at 2.55 with 20 % tax, ids by SKU `A`, `B`, `C`. */
  readonly goods: Readonly<Record<'A' | 'B' | 'C', string>>;
  /** A service at 10.00 with 20 % tax. */
  readonly delivery: string;
}

/** Sales on a database of one spec's own, with the capabilities that it uses. `tenant` can be changed between tests. */
export class SalesStage {
  private constructor(
    readonly database: TestDatabase,
    readonly module: TestingModule,
    public tenant: TenantIdentity,
  ) {}

  static async open(): Promise<SalesStage> {
    const database = await createTestDatabase([catalogSchema, customersSchema, inventorySchema, salesSchema]);
    const module = await testingModule(database, { imports: [SalesModule] });
    return new SalesStage(database, module, testTenant(database));
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  /** Everything from here on belongs to a new tenant with a shop. */
  async newShop(overrides: Partial<TenantIdentity> = {}): Promise<Shop> {
    this.tenant = testTenant(this.database, overrides);
    return this.as(async () => {
      const [customer] = await this.get(CreateCustomers).execute([newCustomer('Ada Ltd')]);
      const warehouse = await this.get(CreateWarehouse).execute({ code: 'MAIN', name: 'Main warehouse' });
      const [a, b, c] = await this.products([newProduct('A'), newProduct('B'), newProduct('C')]);
      const [delivery] = await this.products([newProduct('DELIVERY', { kind: 'service', priceE4: 100_000n })]);
      return {
        customerId: customer!.id,
        warehouseId: warehouse.id,
        goods: { A: a!, B: b!, C: c! },
        delivery: delivery!,
      };
    });
  }

  /** A verb or query. */
  get<T>(type: new (...parameters: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  /** In the tenant, without a unit of work. */
  as<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, work);
  }

  /** In one unit of work of the tenant. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(() => this.get(UnitOfWork).run(work));
  }

  /** Ids of new products. */
  async products(inputs: readonly NewProduct[]): Promise<string[]> {
    const created = await this.as(() => this.get(CreateProducts).execute(inputs));
    return created.map((product) => product.id);
  }

  /** Receives units at a cost like '1.25' each. */
  async receive(warehouseId: string, productId: string, quantity: number, cost = '1.00'): Promise<void> {
    const lines = [{ productId, quantity, unitCost: UnitPrice.parse(cost, this.tenant.currency) }];
    await this.as(() => this.get(RecordStockReceipt).execute({ warehouseId, lines }));
  }

  /** Receives the same number of each product at 1.00, in one document. */
  async receiveAll(warehouseId: string, productIds: readonly string[], quantity: number): Promise<void> {
    const unitCost = UnitPrice.parse('1', this.tenant.currency);
    const lines = productIds.map((productId) => ({ productId, quantity, unitCost }));
    await this.as(() => this.get(RecordStockReceipt).execute({ warehouseId, lines }));
  }

  /** SQL as the application, inside {@link run}. */
  sql<R>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return this.get(UnitOfWork).query<R>(sql, parameters);
  }

  /** Places an order, confirmed unless the overrides say otherwise. */
  place(shop: Shop, lines: readonly NewOrderLine[], overrides: Partial<NewSalesOrder> = {}): Promise<PlacedSalesOrder> {
    const { customerId, warehouseId } = shop;
    const input = { customerId, warehouseId, confirm: true, lines, ...overrides };
    return this.as(() => this.get(PlaceSalesOrder).execute(input));
  }

  order(id: string): Promise<SalesOrderDetails> {
    return this.as(() => this.get(SalesOrderQueries).get(id));
  }

  /** On hand, reserved and value of a product. */
  async level(
    warehouseId: string,
    productId: string,
  ): Promise<{ onHand: number; reserved: number; valueMinor: bigint }> {
    const levels = await this.as(() => this.get(StockQueries).levelsOf(warehouseId, [productId]));
    const { onHand = 0, reserved = 0, valueMinor = 0n } = levels.get(productId) ?? {};
    return { onHand, reserved, valueMinor };
  }

  /** What is wrong with the tenant's orders and stock. */
  async faults(): Promise<string[]> {
    const checks = [this.get(OrderBooksCheck), this.get(StockBooksCheck)];
    const found = await this.as(() => Promise.all(checks.map((check) => check.faults())));
    return found.flat().map((fault) => `${fault.code}: ${fault.message}`);
  }

  /** @throws when something is wrong with the tenant's orders and stock */
  async requireRightBooks(): Promise<void> {
    const faults = await this.faults();
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }
}
