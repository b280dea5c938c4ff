import { randomBytes } from 'node:crypto';
import type { TestingModule } from '@nestjs/testing';
import { CreateProducts } from '#erp/catalog';
import { newProduct } from '#erp/catalog/testing';
import { CreateWarehouse, RecordStockReceipt } from '#erp/inventory';
import { ProvisionTenant } from '#erp/tenants';
import { newTenant } from '#erp/tenants/testing';
import type { Placement, TenantIdentity } from '#libs/context';
import { type DatabaseOptions, UnitOfWork } from '#libs/database';
import { UnitPrice } from '#libs/kernel';
import { inTenant, type PlacementWishes, TenantDirectory } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { schemas } from '../../ormconfig.js';
import { placingProcess } from './placing-process.js';

/** Two clusters (of one server) with a shared database each, and a process that has the owner's login. */
export class PlacementStage {
  private constructor(
    readonly database: TestDatabase,
    readonly east: TestDatabase,
    readonly options: DatabaseOptions,
    readonly module: TestingModule,
  ) {}

  static async set(overrides: Partial<DatabaseOptions> = {}): Promise<PlacementStage> {
    const [database, east] = await Promise.all([createTestDatabase(schemas), createTestDatabase(schemas)]);
    const options = { ...optionsOf(database, east), ...overrides };
    return new PlacementStage(database, east, options, await placingProcess(database, options));
  }

  /** One more process. Close it before {@link strike}. */
  process(): Promise<TestingModule> {
    return placingProcess(this.database, this.options);
  }

  async strike(): Promise<void> {
    await this.module.close();
    await this.database.drop();
    await this.east.drop();
  }

  /** A tenant that signed up, with its accounts, roles and users, and some products and stock of its own. */
  async tenant(wishes: PlacementWishes = {}, products = 3): Promise<TenantIdentity> {
    const request = newTenant({ slug: `acme-${randomBytes(5).toString('hex')}` });
    const tenant = await this.module.get(ProvisionTenant).execute(request, wishes);
    const ids: string[] = [];
    for (let number = 1; number <= products; number++) ids.push(await this.createProduct(tenant, `SKU-${number}`));
    if (products > 0) await this.receive(tenant, ids);
    return tenant;
  }

  /** A write of the tenant, wherever it is said to live. Its name has whatever a text can have. */
  async createProduct(tenant: TenantIdentity, sku: string, module = this.module): Promise<string> {
    const name = `${sku} "quoted", (with, every) 'kind' \\ of\nünd Zeichen`;
    const product = await inTenant(tenant, () => module.get(CreateProducts).one(newProduct(sku, { name })));
    return product.id;
  }

  private async receive(tenant: TenantIdentity, productIds: readonly string[]): Promise<void> {
    await inTenant(tenant, async () => {
      const warehouse = await this.module.get(CreateWarehouse).execute({ code: 'MAIN', name: 'Main' });
      const lines = productIds.map((productId) => ({
        productId,
        quantity: 10,
        unitCost: UnitPrice.parse('5.00', 'GBP'),
      }));
      await this.module.get(RecordStockReceipt).execute({ warehouseId: warehouse.id, lines });
    });
  }

  skus(tenant: TenantIdentity, module = this.module): Promise<string[]> {
    return inTenant(tenant, async () => {
      const unitOfWork = module.get(UnitOfWork);
      const rows = await unitOfWork.read(() => unitOfWork.query<{ sku: string }>('select sku from product order by 1'));
      return rows.map(({ sku }) => sku);
    });
  }

  /** The tenant as the landlord knows it now. */
  async now(tenant: TenantIdentity): Promise<TenantIdentity> {
    const directory = this.module.get(TenantDirectory);
    directory.forget();
    return directory.byId(tenant.id);
  }
}

function optionsOf(database: TestDatabase, east: TestDatabase): DatabaseOptions {
  const [first] = database.options.clusters;
  const { username, password } = database.owner;
  return {
    ...database.options,
    owner: { username, password },
    clusters: [first!, { ...first!, name: 'east', region: 'eu', databases: [east.options.tenant.database] }],
  };
}

/** All rows of the tenant, table by table, as texts: what a move must not change. */
export async function contentsOf(
  database: TestDatabase,
  placement: Placement,
  tenantId: string,
): Promise<Record<string, string[]>> {
  const tables = await rowsAt<{ schema: string; name: string }>(
    database,
    placement,
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where n.nspname in ('${placement.schema}', 'platform') and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'tenant_gate' order by 1, 2`,
  );
  const nameOf = ({ schema, name }: { schema: string; name: string }) =>
    schema === 'platform' ? `platform.${name}` : name;
  // One statement for all: each has a connection of its own, and there are dozens of tables.
  const selects = tables.map(
    (table) => `select '${nameOf(table)}' as name, to_jsonb(t)::text as row from ${table.schema}.${table.name} t
      where tenant_id = '${tenantId}'`,
  );
  const rows = await rowsAt<{ name: string; row: string }>(
    database,
    placement,
    `${selects.join(' union all ')} order by 1, 2`,
  );
  const contents = Object.fromEntries(tables.map((table): [string, string[]] => [nameOf(table), []]));
  for (const { name, row } of rows) contents[name]?.push(row);
  return contents;
}

/** Asks as the superuser, in the database of a placement. */
export async function rowsAt<R>(database: TestDatabase, { database: name }: Placement, sql: string): Promise<R[]> {
  return database.asSuperuserIn<R>(name, sql);
}
