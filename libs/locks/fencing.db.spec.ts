import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import type { TenantIdentity } from '#libs/context';
import { type Fence, StaleFence, UnitOfWork } from '#libs/database';
import { configureLogging } from '#libs/telemetry';
import { inTenant } from '#libs/tenancy';
import {
  createTestDatabase,
  sourceProcess,
  type TestDatabase,
  testingModule,
  testStack,
  testTenant,
} from '#libs/testing';
import { DistributedLockService, LocksModule, LockTimeout } from './index.js';
import type { HolderSettings, Write, WriteOutcome } from './testing/holder.process.js';

const EXPIRY_MS = 600;

let database: TestDatabase;
let module: TestingModule;
let tenant: TenantIdentity;

beforeAll(async () => {
  configureLogging({ level: 'silent', service: 'test' });
  database = await createTestDatabase([]);
  const config = ConfigModule.forRoot(testConfig({ REDIS_LOCK_URL: testStack().redis.locks }));
  module = await testingModule(database, { imports: [config, LocksModule] });
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await here((unitOfWork) =>
    unitOfWork.run(() =>
      unitOfWork.execute(
        `insert into number_series (tenant_id, id, series, year, last) values ($1, gen_random_uuid(), 'till', 0, 1)`,
        [tenant.id],
      ),
    ),
  );
});

function here<T>(work: (unitOfWork: UnitOfWork, locks: DistributedLockService) => Promise<T>): Promise<T> {
  return inTenant(tenant, () => work(module.get(UnitOfWork), module.get(DistributedLockService)));
}

function put(value: number, fence?: Fence): Promise<number> {
  return here((unitOfWork) =>
    unitOfWork.run(() => unitOfWork.execute(`update number_series set last = $1 where series = 'till'`, [value]), {
      fence,
    }),
  );
}

async function content(): Promise<number> {
  const rows = await here((unitOfWork) =>
    unitOfWork.read(() => unitOfWork.query<{ last: string }>(`select last from number_series where series = 'till'`)),
  );
  return Number(rows[0]?.last);
}

/** A holder in a process of its own is stopped, outlives its lock, another one writes 2, and it is let go on to write 99. */
async function zombie(write: Pick<Write, 'compare'>): Promise<WriteOutcome> {
  const { schemas: _, ...options } = database.options;
  const settings: HolderSettings = { redis: testStack().redis.locks, database: options, tenant, expiryMs: EXPIRY_MS };
  const holder = sourceProcess('libs/locks/testing/holder.process.ts', JSON.stringify(settings));
  try {
    expect(await holder.message()).toBe('holding');
    // It renews its lock while it runs: one who comes meanwhile is kept out.
    await sleep(2 * EXPIRY_MS);
    await expect(here((_u, locks) => locks.acquire('till', { waitMs: 50 }))).rejects.toThrow(LockTimeout);

    holder.child.kill('SIGSTOP');
    const change = (lock: { fence: Fence | undefined }): Promise<number> => put(2, lock.fence);
    const changed = await here((_u, locks) => locks.executeWithLock('till', change, { fenced: true }));
    expect(changed).toBe(1);
    holder.child.send({ value: 99, ...write });
    holder.child.kill('SIGCONT');
    return await holder.message<WriteOutcome>();
  } finally {
    await holder.kill();
  }
}

describe('a holder that was stopped past its expiry while another one finished', () => {
  it('changes nothing when it goes on', async () => {
    expect(await zombie({ compare: true })).toEqual({ refused: 'lock.stale_fence' });
    expect(await content()).toBe(2);
  });

  it('would overwrite what the other one wrote, were its fence not compared', async () => {
    expect(await zombie({ compare: false })).toEqual({ changed: 1 });
    expect(await content()).toBe(99);
  });
});

describe('a fence', () => {
  const take = (...names: string[]): Promise<Fence> =>
    here(async (_u, locks) => {
      const lock = await locks.acquire(names, { fenced: true });
      await lock.release();
      if (!lock.fence) throw new Error('no fence');
      return lock.fence;
    });

  it('is a number that only grows, per tenant and resource', async () => {
    const tokens = [];
    for (let round = 0; round < 3; round++) tokens.push((await take('till')).tokens);
    expect(tokens).toEqual([1, 2, 3].map((token) => [{ resource: 'till', token: String(token) }]));
    expect((await take('b', 'a')).tokens).toEqual([
      { resource: 'a', token: '1' },
      { resource: 'b', token: '1' },
    ]);
    const elsewhere = await inTenant(testTenant(database), () =>
      module.get(DistributedLockService).executeWithLock('till', async ({ fence }) => fence, { fenced: true }),
    );
    expect(elsewhere?.tokens).toEqual([{ resource: 'till', token: '1' }]);
  });

  it('of several locks is stale when one of them was taken anew', async () => {
    const both = await take('a', 'b');
    expect(await put(5, both)).toBe(1);
    await take('b');
    const refused = await put(6, both).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StaleFence);
    expect(refused).toMatchObject({ kind: 'conflict', details: { resources: ['b'] } });
    expect(await content()).toBe(5);
  });

  it('is compared by units of work that join another one', async () => {
    const old = await take('till');
    await take('till');
    const joined = here((unitOfWork) => unitOfWork.run(() => put(7, old)));
    await expect(joined).rejects.toThrow(StaleFence);
  });

  it('makes the next holder wait for a transaction that is just writing under it', async () => {
    const fence = await take('till');
    const order: string[] = [];
    const writing = here((unitOfWork) =>
      unitOfWork.run(
        async () => {
          await sleep(300);
          await unitOfWork.execute(`update number_series set last = 3 where series = 'till'`);
          order.push('written');
        },
        { fence },
      ),
    );
    await sleep(100);
    await take('till');
    order.push('taken');
    await writing;
    expect(order).toEqual(['written', 'taken']);
  });

  it('holds for many at once: of writers with one fence all pass, and none of them after the next holder', async () => {
    const fence = await take('till');
    const write = (value: number): Promise<string> =>
      put(value, fence).then(
        () => 'written',
        (error: { code: string }) => error.code,
      );
    expect(await Promise.all([write(10), write(11)])).toEqual(['written', 'written']);
    const racing = Array.from({ length: 20 }, (_, index) => write(12 + index));
    const next = await take('till');
    await put(1_000, next);
    expect(await write(99)).toBe('lock.stale_fence');
    for (const outcome of await Promise.all(racing)) expect(['written', 'lock.stale_fence']).toContain(outcome);
    expect(await content()).toBe(1_000);
  });
});
