import type { TestingModule } from '@nestjs/testing';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import { UnitOfWork } from '#libs/database';
import { UnknownCurrency, UnknownTimeZone } from '#libs/kernel';
import { inTenant, ProvisioningSteps, tenancySchema, TenantDirectory } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule } from '#libs/testing';
import {
  CompanyQueries,
  type NewTenant,
  PasswordTooShort,
  ProvisionTenant,
  SignUpExpired,
  SlugNotAllowed,
  SignUpModule,
  SlugTaken,
} from '../index.js';
import { tenantsSchema } from '../schema.js';
import { atLandlord, newTenant } from '../testing/index.js';
import { SweepSignUps } from './sweep-sign-ups.js';

let database: TestDatabase;
let module: TestingModule;
let provision: ProvisionTenant;
let sweep: SweepSignUps;
/** What the capability `probe` does in a new tenant; each test says so. */
let probe: () => Promise<void>;
let runs: number;

beforeAll(async () => {
  database = await createTestDatabase([tenancySchema, tenantsSchema]);
  module = await testingModule(database, {
    imports: [ConfigModule.forRoot(testConfig()), SignUpModule],
  });
  provision = module.get(ProvisionTenant);
  sweep = module.get(SweepSignUps);
  module.get(ProvisioningSteps).register({
    name: 'probe',
    order: 50,
    run: async () => {
      runs += 1;
      await probe();
    },
  });
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(() => {
  runs = 0;
  probe = async () => undefined;
});

interface SignUpRow {
  status: string;
  attempts: number;
  last_error: string | null;
  input: { adminPasswordHash: string } | null;
}

async function signUpOf(slug: string): Promise<SignUpRow | undefined> {
  const [row] = await atLandlord<SignUpRow>(
    database,
    'select t.status, s.attempts, s.last_error, s.input from tenant t join sign_up s on s.tenant_id = t.id where t.slug = $1',
    [slug],
  );
  return row;
}

/** As if the last attempt (and the sign-up itself, by default) were this old. */
async function age(slug: string, seconds: number): Promise<void> {
  await atLandlord(
    database,
    `update sign_up set attempted_at = now() - make_interval(secs => $2), created_at = now() - make_interval(secs => $2)
     where tenant_id = (select id from tenant where slug = $1)`,
    [slug, seconds],
  );
}

/** A sign-up whose process died after the landlord's commit: nothing of the tenant was written. */
async function brokenOff(request: NewTenant): Promise<void> {
  probe = async () => {
    throw new Error('killed');
  };
  await expect(provision.execute(request)).rejects.toThrow('killed');
  probe = async () => undefined;
  runs = 0;
}

const companies = (tenantId: string) =>
  database.asSuperuser<{ legal_name: string }>('select legal_name from company where tenant_id = $1', [tenantId]);

it('opens a tenant with its company, and forgets what the sign-up said', async () => {
  const request = newTenant();
  const tenant = await provision.execute(request);
  expect(tenant).toMatchObject({ slug: request.slug, name: 'Acme Ltd', currency: 'GBP', status: 'active' });
  expect(await module.get(TenantDirectory).bySlug(request.slug)).toEqual(tenant);
  expect(await signUpOf(request.slug)).toEqual({ status: 'active', attempts: 1, last_error: null, input: null });
  const company = await inTenant(tenant, () => module.get(CompanyQueries).current());
  expect(company).toMatchObject({ legalName: 'Acme Ltd', country: 'GB', email: 'ada@acme.example', version: 1 });
});

it('writes the reason of each landlord change down', async () => {
  const before = await atLandlord(database, 'select from landlord_audit');
  await provision.execute(newTenant());
  const after = await atLandlord<{ reason: string }>(database, 'select reason from landlord_audit order by id');
  expect(after.slice(before.length).map((row) => row.reason)).toEqual(['a tenant signs up', 'a sign-up is finished']);
});

it('leaves nothing of the tenant behind when a step fails, and says at the landlord why', async () => {
  const request = newTenant();
  await brokenOff(request);
  const row = await signUpOf(request.slug);
  expect(row).toMatchObject({ status: 'provisioning', attempts: 1, last_error: 'Error: killed' });
  expect(row?.input?.adminPasswordHash).toMatch(/^\$argon2id\$/);
  expect(JSON.stringify(row)).not.toContain(request.admin.password);
});

it('continues a sign-up that died before the tenant’s commit when the same is sent again', async () => {
  const request = newTenant();
  await brokenOff(request);
  const tenant = await provision.execute({ ...request, admin: { ...request.admin, email: 'ADA@acme.example' } });
  expect(runs).toBe(1);
  expect(await companies(tenant.id)).toHaveLength(1);
  expect(await signUpOf(request.slug)).toMatchObject({ status: 'active', attempts: 2, last_error: null });
});

it('continues one for an operator, who does not know the password', async () => {
  const request = newTenant();
  expect(await provision.resume(request.slug)).toBeUndefined();
  await brokenOff(request);
  const tenant = await provision.resume(request.slug);
  expect(tenant).toMatchObject({ slug: request.slug, status: 'active' });
  expect(runs).toBe(1);
  expect(await signUpOf(request.slug)).toMatchObject({ status: 'active', attempts: 2, input: null });
  // One that is open is given as it is.
  expect(await provision.resume(request.slug)).toEqual(tenant);
  expect(runs).toBe(1);
});

it('continues one that died after the tenant’s commit without running the steps again', async () => {
  const request = newTenant();
  const tenant = await provision.execute(request);
  const input = { companyName: 'Acme Ltd', country: 'GB', adminEmail: 'ada@acme.example', adminName: 'Ada' };
  await atLandlord(database, `update tenant set status = 'provisioning' where id = $1`, [tenant.id]);
  await atLandlord(
    database,
    `update sign_up set finished_at = null, attempted_at = now() - interval '2 minutes', input = $2 where tenant_id = $1`,
    [tenant.id, { ...input, adminPasswordHash: 'unused' }],
  );
  expect(await sweep.execute()).toEqual({ finished: 1, failed: 0, discarded: 0 });
  expect(runs).toBe(1);
  expect(await signUpOf(request.slug)).toMatchObject({ status: 'active', input: null });
});

it('does not hand a broken-off sign-up to somebody else', async () => {
  const request = newTenant();
  await brokenOff(request);
  const { admin } = request;
  const others = [
    { ...admin, email: 'eve@evil.example' },
    { ...admin, password: 'some other password' },
  ];
  for (const other of others) {
    await expect(provision.execute({ ...request, admin: other })).rejects.toBeInstanceOf(SlugTaken);
  }
  expect(runs).toBe(0);
});

it('sweeps up what nobody has tried for a minute, and nothing younger', async () => {
  const [old, young] = [newTenant(), newTenant()];
  await brokenOff(old);
  await brokenOff(young);
  await age(old.slug, 61);
  await age(young.slug, 30);
  expect(await sweep.execute()).toEqual({ finished: 1, failed: 0, discarded: 0 });
  expect(await signUpOf(old.slug)).toMatchObject({ status: 'active' });
  expect(await signUpOf(young.slug)).toMatchObject({ status: 'provisioning' });
  await provision.execute(young);
});

it('provisions once although two sweepers and the administrator do it at once', async () => {
  const request = newTenant();
  await brokenOff(request);
  await age(request.slug, 120);
  const [tenant] = await Promise.all([provision.execute(request), sweep.execute(), sweep.execute()]);
  expect(runs).toBe(1);
  expect(await companies(tenant.id)).toHaveLength(1);
});

it('removes after a day what still fails, and frees its slug', async () => {
  const request = newTenant();
  await brokenOff(request);
  probe = async () => {
    throw new Error('still broken');
  };
  await age(request.slug, 23 * 3_600);
  expect(await sweep.execute()).toEqual({ finished: 0, failed: 1, discarded: 0 });
  await age(request.slug, 25 * 3_600);
  expect(await sweep.execute()).toEqual({ finished: 0, failed: 0, discarded: 1 });
  expect(await signUpOf(request.slug)).toBeUndefined();
  probe = async () => undefined;
  await expect(provision.execute(request)).resolves.toMatchObject({ status: 'active' });
});

it('does not open a tenant that was removed while its steps ran', async () => {
  const request = newTenant();
  probe = async () => {
    await atLandlord(database, 'delete from tenant where slug = $1', [request.slug]);
  };
  await expect(provision.execute(request)).rejects.toBeInstanceOf(SignUpExpired);
});

it('gives a slug to one of two who race for it', async () => {
  const slug = newTenant().slug;
  const people = ['ada', 'bob'].map((name) =>
    newTenant({ slug, admin: { email: `${name}@acme.example`, name, password: 'correct horse battery staple' } }),
  );
  const outcomes = await Promise.allSettled(people.map((request) => provision.execute(request)));
  const refused = outcomes
    .filter((outcome) => outcome.status === 'rejected')
    .map((outcome) => outcome.reason as unknown);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toBeInstanceOf(SlugTaken);
  expect(runs).toBe(1);
});

it('answers a repeat after success like any taken slug', async () => {
  const request = newTenant();
  await provision.execute(request);
  await expect(provision.execute(request)).rejects.toBeInstanceOf(SlugTaken);
});

it.each([
  [SlugNotAllowed, { slug: 'www' }],
  [SlugNotAllowed, { slug: 'Not-A-Label' }],
  [SlugNotAllowed, { slug: 'ends-' }],
  [UnknownCurrency, { currency: 'ABC' }],
  [UnknownTimeZone, { timeZone: 'Mars/Olympus' }],
  [PasswordTooShort, { admin: { email: 'ada@acme.example', name: 'Ada', password: 'eleven char' } }],
])('refuses with %p what no tenant can be made of: %p', async (error, wrong) => {
  await expect(provision.execute(newTenant(wrong))).rejects.toBeInstanceOf(error);
});

it('mutation: without the constraint, two at once provision one tenant twice', async () => {
  const mutant = await createTestDatabase([tenancySchema, tenantsSchema]);
  await mutant.asOwner('alter table company drop constraint company_one_a_tenant');
  const other = await testingModule(mutant, { providers: [] });
  const insert = `insert into company (tenant_id, id, legal_name, country)
    select $1, gen_random_uuid(), 'Acme Ltd', 'GB' where not exists (select from company)`;
  const tenant = { ...(await provision.execute(newTenant())) };
  const placed = { ...tenant, placement: { ...tenant.placement, database: mutant.options.tenant.database } };
  const unitOfWork = other.get(UnitOfWork);
  let met: () => void = () => undefined;
  const both = new Promise<void>((resolve) => (met = resolve));
  let arrived = 0;
  const once = () =>
    inTenant(placed, () =>
      unitOfWork.run(async () => {
        await unitOfWork.execute(insert, [tenant.id]);
        if (++arrived === 2) met();
        await both;
      }),
    );
  await Promise.all([once(), once()]);
  const rows = await mutant.asSuperuser('select from company');
  await other.close();
  await mutant.drop();
  expect(rows).toHaveLength(2);
});
