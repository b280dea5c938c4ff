import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { CatalogModule } from '../catalog.module.js';
import type { Category } from '../categories/category.entity.js';
import { CreateCategories, type NewCategory } from '../categories/create-categories.js';
import { CreateProducts, type NewProduct } from '../products/create-products.js';
import type { Product } from '../products/product.entity.js';
import { catalogSchema } from '../schema.js';
import { newProduct } from './product.builder.js';

/** The catalogue on a database of one spec's own. `tenant` can be changed between tests. */
export class CatalogStage {
  private constructor(
    readonly database: TestDatabase,
    readonly module: TestingModule,
    public tenant: TenantIdentity,
  ) {}

  static async open(): Promise<CatalogStage> {
    const database = await createTestDatabase([catalogSchema]);
    const module = await testingModule(database, { imports: [CatalogModule] });
    return new CatalogStage(database, module, testTenant(database));
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  /** Starts over with a tenant that has nothing. */
  freshTenant(): void {
    this.tenant = testTenant(this.database);
  }

  /** Runs work in a unit of work of the tenant. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, () => this.module.get(UnitOfWork).run(work));
  }

  /** Rows of the tenant, by SQL. */
  query<R>(sql: string, parameters?: readonly unknown[]): Promise<R[]> {
    return this.run(() => this.module.get(UnitOfWork).query<R>(sql, parameters));
  }

  /** Creates a product like {@link newProduct} makes it. */
  product(sku: string, overrides?: Partial<NewProduct>): Promise<Product> {
    return this.run(() => this.module.get(CreateProducts).one(newProduct(sku, overrides)));
  }

  /** Creates a category. */
  category(name: string, overrides?: Partial<NewCategory>): Promise<Category> {
    return this.run(() => this.module.get(CreateCategories).one({ name, ...overrides }));
  }

  /** Until a transaction that is open has written to the table. */
  async untilHeld(table: 'category' | 'product'): Promise<void> {
    await this.until(
      `select from pg_locks where relation = '${table}'::regclass and mode = 'RowExclusiveLock' and granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
  }

  /** Until a statement waits for another transaction. */
  async untilSomebodyWaits(): Promise<void> {
    await this.until(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  }

  private async until(sql: string): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      if ((await this.database.asSuperuser(sql)).length > 0) return;
      await sleep(20);
    }
    throw new Error(`never happened: ${sql}`);
  }
}
