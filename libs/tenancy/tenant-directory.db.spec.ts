import { LandlordDatabase } from '#libs/database';
import { statementsOf } from '#libs/database/testing';
import { uuidv7 } from '#libs/kernel';
import { createTestDatabase, registerTenant, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { TenantUnknown } from './tenancy.errors.js';
import { TenantDirectory } from './tenant-directory.js';

const TENANTS = 30;

let database: TestDatabase;
let module: Awaited<ReturnType<typeof testingModule>>;
let directory: TenantDirectory;
const ids = Array.from({ length: TENANTS }, () => uuidv7());

beforeAll(async () => {
  database = await createTestDatabase([]);
  module = await testingModule(database, {});
  for (const [index, id] of ids.entries()) {
    await registerTenant(database, testTenant(database, { id, slug: `shop-${index}` }));
    await database.asSuperuserIn(
      database.options.landlord.database,
      `insert into tenant_domain (tenant_id, domain) values ($1, $2)`,
      [id, `shop-${index}.example`],
    );
  }
  directory = new TenantDirectory(module.get(LandlordDatabase));
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

// Seen red with a statement for each tenant, which many tenants cost with nearly every request.
it('reads the tenants that are asked for at the same time in one statement, and remembers them', async () => {
  const ways = [
    (index: number) => directory.bySlug(`shop-${index}`),
    (index: number) => directory.byId(ids[index] ?? ''),
    (index: number) => directory.byDomain(`Shop-${index}.example`),
  ];
  for (const way of ways) {
    const ask = () => Promise.all(ids.map((_, index) => way(index)));
    const statements = await statementsOf(async () => {
      expect((await ask()).map(({ id }) => id)).toEqual(ids);
      expect((await ask()).map(({ slug }) => slug)).toEqual(ids.map((_, index) => `shop-${index}`));
    });
    expect(statements.filter((sql) => sql.includes('from tenant t'))).toHaveLength(1);
  }
});

it('tells who is nobody, and does not ask the landlord about what can be no name', async () => {
  await expect(directory.bySlug('nobody')).rejects.toBeInstanceOf(TenantUnknown);
  const statements = await statementsOf(async () => {
    for (const name of ['', 'a b', 'x'.repeat(300), 'a\u0000b', 'łódź']) {
      await expect(directory.bySlug(name)).rejects.toBeInstanceOf(TenantUnknown);
      await expect(directory.byDomain(name)).rejects.toBeInstanceOf(TenantUnknown);
      await expect(directory.byId(name)).rejects.toBeInstanceOf(TenantUnknown);
    }
  });
  expect(statements).toEqual([]);
});
