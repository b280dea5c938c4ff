import { Test, type TestingModule } from '@nestjs/testing';
import type { Placement, TenantIdentity } from '#libs/context';
import { ConnectionPools, DatabaseModule, type DatabaseOptions, UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { inTenant, placementOn, TenancyModule, TenantMover, TenantPlaces } from '#libs/tenancy';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { startPgBouncer } from '../../tools/stack/pgbouncer.mjs';
import { noteSchema } from '../support/notes.js';

const REQUESTS = 10_000;
const LANES = 32;

let database: TestDatabase;
let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
let module: TestingModule;
let tenants: TenantIdentity[];

beforeAll(async () => {
  database = await createTestDatabase([noteSchema]);
  // One connection for everybody: whatever one transaction left behind, the next one would find.
  const narrow = { default_pool_size: 1, reserve_pool_size: 0, query_wait_timeout: 60 };
  bouncer = await pooler('pgbouncer', narrow);
  module = await processBehind(bouncer.port);
  const direct = await processBehind(database.options.tenant.port);
  tenants = (['shared', 'shared', 'schema', 'schema', 'database'] as const).map(newTenant);
  for (const one of tenants) {
    await registerTenant(database, one);
    if (one.placement.model !== 'shared') await direct.get(TenantPlaces).prepare(one.placement);
  }
  await direct.close();
}, 120_000);
afterAll(async () => {
  await module?.close();
  await bouncer?.stop();
  await database?.drop();
});

function pooler(purpose: string, settings: Readonly<Record<string, number>> = {}) {
  const { tenant, clusters } = database.options;
  const { username, password } = database.owner;
  const users = { [tenant.username]: tenant.password, [username]: password };
  return startPgBouncer({ purpose, target: clusters[0]!.write, users, settings });
}

function processBehind(port: number): Promise<TestingModule> {
  const { landlord, tenant, clusters } = database.options;
  const { username, password } = database.owner;
  const line = { host: '127.0.0.1', port };
  const options: DatabaseOptions = {
    ...database.options,
    owner: { username, password },
    landlord: { ...landlord, ...line },
    tenant: { ...tenant, ...line },
    clusters: [{ ...clusters[0]!, write: line }],
    pool: { max: LANES, connectTimeoutMs: 20_000 },
  };
  return Test.createTestingModule({ imports: [DatabaseModule.forRoot(options), TenancyModule] }).compile();
}

function newTenant(model: Placement['model']): TenantIdentity {
  const id = uuidv7();
  const shard = { cluster: 'default', database: database.options.tenant.database };
  return testTenant(database, { id, placement: placementOn(shard, model, id) });
}

const unitOfWork = () => module.get(UnitOfWork);

function write(tenant: TenantIdentity, text: string): Promise<unknown> {
  return inTenant(tenant, () =>
    unitOfWork().run(() =>
      unitOfWork().execute('insert into note (tenant_id, id, text) values ($1, $2, $3)', [tenant.id, uuidv7(), text]),
    ),
  );
}

/** What a query that forgot its tenant sees. */
function seenBy(tenant: TenantIdentity): Promise<string[]> {
  return inTenant(tenant, async () => {
    const rows = await unitOfWork().read(() => unitOfWork().query<{ text: string }>('select distinct text from note'));
    return rows.map(({ text }) => text);
  });
}

it('shows no row of another tenant in ten thousand interleaved requests over one connection, in any model', async () => {
  await Promise.all(tenants.map((tenant) => write(tenant, `canary of ${tenant.id}`)));
  const foreign: string[] = [];
  let left = REQUESTS;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const tenant = tenants[Math.floor(Math.random() * tenants.length)]!;
      const turn = left % 10;
      if (turn === 0) await write(tenant, `canary of ${tenant.id}`);
      // Broken off in the middle: what it set must not outlive it.
      else if (turn === 1) await expect(brokenOff(tenant)).rejects.toThrow('division by zero');
      else foreign.push(...(await seenBy(tenant)).filter((text) => text !== `canary of ${tenant.id}`));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(foreign).toEqual([]);
  const counts = await Promise.all(tenants.map(async (tenant) => (await seenBy(tenant)).length));
  expect(counts).toEqual(tenants.map(() => 1));
}, 180_000);

function brokenOff(tenant: TenantIdentity): Promise<unknown> {
  return inTenant(tenant, () => unitOfWork().run(() => unitOfWork().query('select 1 / (select 0 from (select 1) t)')));
}

it('really has one connection to each database for all of them', async () => {
  const shared = tenants.slice(0, 4);
  await Promise.all(Array.from({ length: 40 }, (_, index) => seenBy(shared[index % 4]!)));
  const [row] = await database.asSuperuser<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity where datname = current_database() and usename = $1`,
    [database.options.tenant.username],
  );
  expect(row?.count).toBe(1);
});

it('mutation: a setting that outlives its transaction is another tenant’s sight of one’s rows', async () => {
  const [one] = tenants as [TenantIdentity];
  const pools = module.get(ConnectionPools);
  const dataSource = await pools.get({ ...one.placement, endpoint: 'write' });
  await dataSource.query(`select set_config('app.tenant_id', $1, false)`, [one.id]);
  // Somebody else, on a connection of their own to the pooler, without any tenant.
  const seen = await Promise.all(
    [1, 2, 3].map(() => dataSource.query<{ text: string }[]>('select text from note limit 1')),
  );
  await dataSource.query('reset app.tenant_id');
  expect(seen.flat().map(({ text }) => text)).toContain(`canary of ${one.id}`);
});

it('lets the owner make, migrate and move places through it, as it is shipped', async () => {
  const shipped = await pooler('pgbouncer-shipped');
  const behind = await processBehind(shipped.port);
  const tenant = newTenant('schema');
  await registerTenant(database, tenant);
  await behind.get(TenantPlaces).prepare(tenant.placement);
  await write(tenant, 'before');
  const target = placementOn({ cluster: 'default', database: database.options.tenant.database }, 'shared', tenant.id);
  const mover = behind.get(TenantMover);
  await mover.plan(tenant, target);
  await mover.finish(tenant.id, { keepSourceMs: 0 });
  const [row] = await database.asSuperuser<{ text: string }>('select text from note where tenant_id = $1', [tenant.id]);
  expect(row?.text).toBe('before');
  await behind.close();
  await shipped.stop();
}, 60_000);
