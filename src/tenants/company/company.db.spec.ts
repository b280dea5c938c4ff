import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { ConcurrentModification } from '#libs/database';
import { PreconditionFailed } from '#libs/http';
import { inTenant, tenancySchema } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { CompanyNotFound, CompanyQueries, TenantsModule } from '../index.js';
import { tenantsSchema } from '../schema.js';
import { givenCompany } from '../testing/index.js';
import { type CompanyUpdate, UpdateCompany } from './update-company.js';

let database: TestDatabase;
let module: TestingModule;
let tenant: TenantIdentity;

beforeAll(async () => {
  database = await createTestDatabase([tenancySchema, tenantsSchema]);
  module = await testingModule(database, { imports: [TenantsModule] });
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await givenCompany(database, tenant);
});

const current = () => inTenant(tenant, () => module.get(CompanyQueries).current());
const update = (details: CompanyUpdate, version?: number) =>
  inTenant(tenant, () => module.get(UpdateCompany).execute(details, version));

const details: CompanyUpdate = {
  legalName: 'Test Traders (Holdings) Ltd',
  addressLines: ['2 Market Street', 'Floor 3', 'London EC1A 1AA'],
  country: 'IE',
  taxNumber: null,
  email: 'accounts@test-traders.example',
  paymentTermsDays: 14,
  invoiceFooter: 'IBAN GB33 BUKB 2020 1555 5555 55\nThank you.',
};

it('is replaced as a whole', async () => {
  const updated = await update(details, 1);
  expect(updated).toMatchObject({ ...details, version: 2 });
  expect(await current()).toEqual(updated);
});

it('is refused to a tenant that was never provisioned', async () => {
  tenant = testTenant(database);
  await expect(current()).rejects.toBeInstanceOf(CompanyNotFound);
});

it('is one for each tenant, and nobody else’s', async () => {
  await update(details);
  tenant = testTenant(database);
  await givenCompany(database, tenant, { legalName: 'Other Traders Ltd' });
  expect(await current()).toMatchObject({ legalName: 'Other Traders Ltd', version: 1 });
  await expect(givenCompany(database, tenant)).rejects.toMatchObject({ constraint: 'company_one_a_tenant' });
});

it('is changed by one of several who saw the same version', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4 }, (_, i) => update({ ...details, legalName: `Traders ${i} Ltd` }, 1)),
  );
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled').map((outcome) => outcome.value);
  expect(won).toHaveLength(1);
  expect(await current()).toEqual(won[0]);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    expect([PreconditionFailed, ConcurrentModification]).toContain((outcome.reason as Error).constructor);
  }
});
