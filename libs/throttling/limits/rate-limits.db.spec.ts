import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { AppConfig, ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import type { TenantIdentity } from '#libs/context';
import { LandlordDatabase } from '#libs/database';
import { configureLogging } from '#libs/telemetry';
import { TenantUnknown } from '#libs/tenancy';
import { createTestDatabase, registerTenant, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { PlanUnknown, RateLimits, RateLimitSettings, RateLimitSettingsModule } from '../index.js';

let database: TestDatabase;
let module: TestingModule;
let acme: TenantIdentity;
let bolt: TenantIdentity;

beforeAll(async () => {
  configureLogging({ level: 'silent', service: 'test' });
  database = await createTestDatabase([]);
  const config = ConfigModule.forRoot(testConfig({ API_RATE_LIMIT: '60', API_TENANT_RATE_LIMIT: '6000' }));
  module = await testingModule(database, { imports: [config, RateLimitSettingsModule] });
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(async () => {
  [acme, bolt] = [testTenant(database), testTenant(database)];
  for (const tenant of [acme, bolt]) await registerTenant(database, tenant);
});

const settings = () => module.get(RateLimitSettings);
const process = (landlord?: LandlordDatabase) => new RateLimits(module.get(AppConfig), landlord);
const ofTenant = async (limits: RateLimits, { id }: TenantIdentity) => limits.of(id);

describe('the limits of a tenant', () => {
  it('are the configured ones, then its plan’s, then its own', async () => {
    expect((await settings().ofTenant(acme.slug)).effective).toMatchObject({ route: 60, tenant: 6_000 });
    await settings().setOfPlan('standard', { tenant: 9_000, search: 7 });
    await settings().setOfTenant(acme.slug, { tenant: 50_000 });
    expect(await settings().ofTenant(acme.slug)).toMatchObject({
      plan: 'standard',
      own: { tenant: 50_000 },
      ofPlan: { tenant: 9_000, search: 7 },
      effective: { route: 60, tenant: 50_000, search: 7 },
    });
    const limits = process(module.get(LandlordDatabase));
    expect(await ofTenant(limits, acme)).toMatchObject({ route: 60, tenant: 50_000, search: 7 });
    expect(await ofTenant(limits, bolt)).toMatchObject({ route: 60, tenant: 9_000, search: 7 });
    await settings().setOfTenant(acme.slug, {});
    await settings().setOfPlan('standard', {});
    expect((await settings().ofTenant(acme.slug)).effective).toMatchObject({ tenant: 6_000, search: 30 });
  });

  it('change in every process within two seconds, while requests never wait for the landlord again', async () => {
    const limits = process(module.get(LandlordDatabase));
    await ofTenant(limits, acme);
    await ofTenant(limits, bolt);
    await settings().setOfTenant(acme.slug, { route: 7 });
    const since = performance.now();
    for (;;) {
      const table = limits.of(acme.id);
      // At once: what is remembered, not a promise.
      expect(table).not.toBeInstanceOf(Promise);
      if ((table as { route: number }).route === 7) break;
      await sleep(20);
    }
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(await ofTenant(limits, bolt)).toMatchObject({ route: 60 });
  });

  it('hold within two seconds for whoever has not asked meanwhile, too', async () => {
    const limits = process(module.get(LandlordDatabase));
    await ofTenant(limits, acme);
    await settings().putOnPlan(acme.slug, 'unmetered');
    await sleep(2_050);
    expect(await ofTenant(limits, acme)).toMatchObject({ route: 1_000_000_000, tenant: 1_000_000_000 });
  });

  it('are read, and read again, in one statement, however many tenants are in use', async () => {
    const landlord = module.get(LandlordDatabase);
    const asked: number[] = [];
    const counting = Object.assign(Object.create(landlord) as LandlordDatabase, {
      query: (sql: string, parameters: readonly string[][]) => {
        asked.push(parameters[0]?.length ?? 0);
        return landlord.query(sql, parameters);
      },
    });
    const limits = process(counting);
    await Promise.all([ofTenant(limits, acme), ofTenant(limits, bolt)]);
    await sleep(1_100);
    await Promise.all(Array.from({ length: 20 }, (_, index) => ofTenant(limits, index % 2 ? acme : bolt)));
    await sleep(200);
    expect(asked).toEqual([2, 2]);
  });

  it('go on as last known while the landlord is away, and are the configured ones for whoever is new', async () => {
    let away = false;
    const landlord = module.get(LandlordDatabase);
    const flapping = Object.assign(Object.create(landlord) as LandlordDatabase, {
      query: (sql: string, parameters: readonly unknown[]) =>
        away ? Promise.reject(new Error('connect ECONNREFUSED')) : landlord.query(sql, parameters),
    });
    const limits = process(flapping);
    await settings().setOfTenant(acme.slug, { route: 7 });
    await ofTenant(limits, acme);
    away = true;
    await sleep(2_050);
    expect(await ofTenant(limits, acme)).toMatchObject({ route: 7 });
    expect(await ofTenant(limits, bolt)).toMatchObject({ route: 60 });
  });

  it('are set for tenants and plans that there are', async () => {
    await expect(settings().setOfTenant('nobody', { route: 1 })).rejects.toThrow(TenantUnknown);
    await expect(settings().setOfPlan('gold', { route: 1 })).rejects.toThrow(PlanUnknown);
    await expect(settings().putOnPlan(acme.slug, 'gold')).rejects.toThrow(PlanUnknown);
  });

  it('are on the landlord’s record', async () => {
    await settings().setOfTenant(acme.slug, { route: 7 });
    const found = await module
      .get(LandlordDatabase)
      .query('select reason from landlord_audit where reason = $1', [`the rate limits of ${acme.slug} are set`]);
    expect(found).toHaveLength(1);
  });
});
