import { setTimeout as sleep } from 'node:timers/promises';
import { Test, type TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { ClusterHealth, ClusterUnavailable, DatabaseModule, UnitOfWork } from '#libs/database';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testTenant } from '#libs/testing';
import { TcpProxy } from '../support/tcp-proxy.js';

let database: TestDatabase;
let line: TcpProxy;
let module: TestingModule;
let here: TenantIdentity;
let there: TenantIdentity;

beforeAll(async () => {
  database = await createTestDatabase([]);
  const [first] = database.options.clusters;
  line = await TcpProxy.to(first!.write.port);
  const east = { ...first!, name: 'east', write: { host: '127.0.0.1', port: line.port } };
  const options = { ...database.options, clusters: [first!, east], pool: { max: 4, connectTimeoutMs: 5_000 } };
  module = await Test.createTestingModule({ imports: [DatabaseModule.forRoot(options)] }).compile();
  here = testTenant(database);
  there = testTenant(database, { placement: { ...here.placement, cluster: 'east' } });
});
afterAll(async () => {
  await line.become('open');
  await module.close();
  await line.close();
  await database.drop();
});

const ask = (tenant: TenantIdentity, sql = 'select 1 as one') =>
  inTenant(tenant, () => module.get(UnitOfWork).read(() => module.get(UnitOfWork).query(sql)));

const timed = async (work: () => Promise<unknown>): Promise<{ outcome: unknown; ms: number }> => {
  const startedMs = Date.now();
  const [outcome] = await Promise.allSettled([work()]);
  return { outcome: outcome.status === 'fulfilled' ? 'answered' : outcome.reason, ms: Date.now() - startedMs };
};

async function untilDown(isDown: boolean): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (module.get(ClusterHealth).down().includes('east') !== isDown) {
    if (Date.now() > giveUpAt) throw new Error(`east is ${isDown ? 'still up' : 'still down'}`);
    await sleep(50);
  }
}

it.each(['closed', 'silent'] as const)(
  'tenants elsewhere notice nothing when one cluster is lost (%s), its own are told at once, and served when it is back',
  async (how) => {
    expect(await ask(there)).toEqual([{ one: 1 }]);
    // Its tenants ask for all they can get while it goes away.
    const hanging = Array.from({ length: 8 }, () => timed(() => ask(there, 'select pg_sleep(0.3)')));
    await sleep(100);
    await line.become(how);
    const lost = Array.from({ length: 8 }, () => timed(() => ask(there)));
    const meanwhile: { outcome: unknown; ms: number }[] = [];
    const watching = (async () => {
      while (!module.get(ClusterHealth).down().includes('east')) {
        meanwhile.push(await timed(() => ask(here)));
        await sleep(20);
      }
    })();
    await untilDown(true);
    await watching;
    expect(meanwhile.length).toBeGreaterThan(5);
    expect(new Set(meanwhile.map(({ outcome }) => outcome))).toEqual(new Set(['answered']));
    expect(Math.max(...meanwhile.map(({ ms }) => ms))).toBeLessThan(2_000);

    const told = await timed(() => ask(there));
    expect(told.outcome).toBeInstanceOf(ClusterUnavailable);
    expect(told.ms).toBeLessThan(200);
    await Promise.all([...hanging, ...lost]);

    await line.become('open');
    await untilDown(false);
    expect(await ask(there)).toEqual([{ one: 1 }]);
  },
  60_000,
);
