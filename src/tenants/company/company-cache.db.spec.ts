import { randomUUID } from 'node:crypto';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { inTenant, tenancySchema } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testStack, testTenant } from '#libs/testing';
import { CompanyQueries, TenantsModule } from '../index.js';
import { tenantsSchema } from '../schema.js';
import { givenCompany } from '../testing/index.js';
import { UpdateCompany } from './update-company.js';

let database: TestDatabase;
let module: TestingModule;
let tenant: TenantIdentity;

beforeAll(async () => {
  database = await createTestDatabase([tenancySchema, tenantsSchema]);
  const cache = { url: testStack().redis.cache, prefix: `spec-${randomUUID()}:` };
  module = await testingModule(database, { imports: [TenantsModule] }, cache);
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await givenCompany(database, tenant, { legalName: 'Old Traders Ltd' });
});

const current = () => module.get(CompanyQueries).current();
const behindOurBack = (name: string) =>
  database.asSuperuser('update company set legal_name = $2 where tenant_id = $1', [tenant.id, name]);

describe('what a company says about itself', () => {
  it('is read once, and comes from the cache as it was', async () => {
    const first = await inTenant(tenant, current);
    await behindOurBack('Unseen Ltd');
    expect(await inTenant(tenant, current)).toEqual(first);
    expect(first.updatedAt).toBeInstanceOf(Date);
  });

  it('is shown changed to the very next read', async () => {
    const { version, updatedAt: _, ...details } = await inTenant(tenant, current);
    await inTenant(tenant, () =>
      module.get(UpdateCompany).execute({ ...details, legalName: 'New Traders Ltd' }, version),
    );
    expect(await inTenant(tenant, current)).toMatchObject({ legalName: 'New Traders Ltd', version: version + 1 });
  });

  it('is read from the rows by whoever writes documents', async () => {
    await inTenant(tenant, current);
    await behindOurBack('As the rows say Ltd');
    const seen = await inTenant(tenant, () => module.get(UnitOfWork).run(current));
    expect(seen.legalName).toBe('As the rows say Ltd');
  });
});
