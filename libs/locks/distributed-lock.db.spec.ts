import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import { runInContext, type TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { PrivateRedis } from '#libs/events/testing';
import { RedisClients } from '#libs/redis';
import { configureLogging, metrics } from '#libs/telemetry';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import {
  DistributedLockService,
  LockInsideUnitOfWork,
  LockLost,
  LocksModule,
  LocksUnavailable,
  LockTimeout,
} from './index.js';

let redis: PrivateRedis;
let database: TestDatabase;
let modules: TestingModule[];
let here: TenantIdentity;

beforeAll(async () => {
  configureLogging({ level: 'silent', service: 'test' });
  redis = await PrivateRedis.start();
  database = await createTestDatabase([]);
  const config = ConfigModule.forRoot(testConfig({ REDIS_LOCK_URL: redis.url }));
  modules = await Promise.all([1, 2].map(() => testingModule(database, { imports: [config, LocksModule] })));
});

afterAll(async () => {
  await Promise.all(modules.map((module) => module.close()));
  await database.drop();
  await redis.kill();
});

beforeEach(() => {
  here = testTenant(database);
});

/** As one of two processes, for a tenant. */
function as<T>(process: number, work: (locks: DistributedLockService) => Promise<T>, tenant = here): Promise<T> {
  const locks = (modules[process] as TestingModule).get(DistributedLockService);
  return inTenant(tenant, () => work(locks));
}

function keys(pattern: string): Promise<string[]> {
  return (modules[0] as TestingModule).get(RedisClients).of('locks').keys(pattern);
}

const SOON = { waitMs: 60 };

describe('a lock', () => {
  it('is held by one at a time, over processes, and free when it is given back', async () => {
    const lock = await as(0, (locks) => locks.acquire('report'));
    await expect(as(1, (locks) => locks.acquire('report', SOON))).rejects.toThrow(LockTimeout);
    // Not even by the same process twice.
    await expect(as(0, (locks) => locks.acquire('report', SOON))).rejects.toThrow(LockTimeout);
    await as(0, (locks) => locks.release(lock));
    await as(0, (locks) => locks.release(lock));
    const next = await as(1, (locks) => locks.acquire('report', SOON));
    await next.release();
  });

  it('is waited for: forty who want it come one after the other', async () => {
    let inside = 0;
    let most = 0;
    let count = 0;
    const enter = (process: number): Promise<void> =>
      as(process, (locks) =>
        locks.executeWithLock(
          'counter',
          async () => {
            most = Math.max(most, ++inside);
            const read = count;
            await sleep(2);
            count = read + 1;
            inside--;
          },
          { waitMs: 30_000 },
        ),
      );
    await Promise.all(Array.from({ length: 40 }, (_, index) => enter(index % 2)));
    expect({ most, count }).toEqual({ most: 1, count: 40 });
  });

  it('is counted wrongly without it: the measure would show it', async () => {
    let count = 0;
    const enter = async (): Promise<void> => {
      const read = count;
      await sleep(2);
      count = read + 1;
    };
    await Promise.all(Array.from({ length: 40 }, enter));
    expect(count).toBeLessThan(40);
  });

  it('says who was kept out of what, as a conflict', async () => {
    const lock = await as(0, (locks) => locks.acquire('report'));
    const refused = await as(1, (locks) => locks.acquire('report', SOON)).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'lock.timeout',
      kind: 'conflict',
      details: { resources: ['report'], waitMs: 60 },
    });
    await lock.release();
  });

  it('is of one tenant', async () => {
    const lock = await as(0, (locks) => locks.acquire('report'));
    const other = await as(1, (locks) => locks.acquire('report', SOON), testTenant(database));
    expect([lock.signal.aborted, other.signal.aborted]).toEqual([false, false]);
    await Promise.all([lock.release(), other.release()]);
  });

  it('has the keys of source 2, with the tenant as hash tag', async () => {
    const [product, warehouse, account] = ['p-1', 'w-1', 'a-1'];
    const seen = await as(0, async (locks) => [
      ...(await locks.executeStockOperation(product, warehouse, () => keys('lock:*'))),
      ...(await locks.executeAccountOperation(account, () => keys('lock:*'))),
      ...(await locks.executeWithLock('month-end', () => keys('lock:*'))),
    ]);
    const prefix = `lock:tenant:{${here.id}}`;
    expect(seen).toEqual([`${prefix}:stock:p-1:w-1`, `${prefix}:account:a-1`, `${prefix}:month-end`]);
    expect(await keys('lock:*')).toEqual([]);
  });

  it('expires after 10 s for stock and 30 s for the rest when its holder dies', async () => {
    const client = (modules[0] as TestingModule).get(RedisClients).of('locks');
    const ttl = async (): Promise<number> => client.pttl(String((await keys('lock:*'))[0]));
    const [stock, account, generic] = await as(0, async (locks) => [
      await locks.executeStockOperation('p', 'w', ttl),
      await locks.executeAccountOperation('a', ttl),
      await locks.executeWithLock('g', ttl),
    ]);
    expect(stock).toBeGreaterThan(9_000);
    expect(stock).toBeLessThanOrEqual(10_000);
    for (const each of [account, generic]) {
      expect(each).toBeGreaterThan(29_000);
      expect(each).toBeLessThanOrEqual(30_000);
    }
  });

  it.each(['', ' ', 'a b', 'x'.repeat(201), 'a\nb', '{other}'])('is refused on %j, which is no name', async (name) => {
    await expect(as(0, (locks) => locks.acquire(name))).rejects.toThrow(RangeError);
  });
});

describe('several locks at once', () => {
  it('are taken all or none, whatever the order: two who want the same ones never block each other', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const held = new Set<string>();
    const once = (process: number, wanted: string[]): Promise<void> =>
      as(process, (locks) =>
        locks.executeWithLock(
          wanted,
          async () => {
            for (const name of wanted) {
              expect(held.has(name)).toBe(false);
              held.add(name);
            }
            await sleep(1);
            for (const name of wanted) held.delete(name);
          },
          { waitMs: 30_000 },
        ),
      );
    const jobs = Array.from({ length: 60 }, (_, index) => {
      const wanted = names.filter((_name, position) => (index >> position) % 2 === 0 || position === index % 4);
      return once(index % 2, index % 3 === 0 ? wanted.toReversed() : wanted);
    });
    await Promise.all(jobs);
    expect(await keys('lock:*')).toEqual([]);
  });

  it('leave nothing behind when one of them is taken', async () => {
    const lock = await as(0, (locks) => locks.acquire('b'));
    await expect(as(1, (locks) => locks.acquire(['a', 'b', 'c'], SOON))).rejects.toThrow(LockTimeout);
    expect(await keys('lock:*')).toEqual([`lock:tenant:{${here.id}}:b`]);
    await lock.release();
  });
});

describe('while it is held', () => {
  it('a lock is renewed for as long as the work takes', async () => {
    await as(0, (locks) =>
      locks.executeWithLock(
        'long',
        async (lock) => {
          await sleep(900);
          expect(lock.signal.aborted).toBe(false);
          await expect(as(1, (others) => others.acquire('long', { waitMs: 10 }))).rejects.toThrow(LockTimeout);
        },
        { expiryMs: 300 },
      ),
    );
  });

  it('is lost to the work when somebody else has it: the signal aborts, and the caller is told', async () => {
    const client = (modules[0] as TestingModule).get(RedisClients).of('locks');
    const work = as(0, (locks) =>
      locks.executeWithLock(
        'stolen',
        async (lock) => {
          await client.set(`lock:tenant:{${here.id}}:stolen`, 'somebody else');
          await sleep(5_000, undefined, { signal: lock.signal });
        },
        { expiryMs: 300 },
      ),
    );
    const error = await work.catch((thrown: unknown) => thrown);
    expect((error as Error).cause ?? error).toBeInstanceOf(LockLost);
    // What is somebody else's is not given back.
    expect(await client.get(`lock:tenant:{${here.id}}:stolen`)).toBe('somebody else');
    await client.del(`lock:tenant:{${here.id}}:stolen`);
  });

  it('is lost without an answer from the work too: it is told when it ends', async () => {
    const client = (modules[0] as TestingModule).get(RedisClients).of('locks');
    const deaf = as(0, (locks) =>
      locks.executeWithLock(
        'deaf',
        async () => {
          await client.del(`lock:tenant:{${here.id}}:deaf`);
          await sleep(400);
        },
        { expiryMs: 300 },
      ),
    );
    await expect(deaf).rejects.toMatchObject({ code: 'lock.lost', kind: 'unavailable' });
  });

  it('is not renewed beyond the longest time that was agreed', async () => {
    const hanging = as(0, (locks) =>
      locks.executeWithLock('hanging', (lock) => sleep(10_000, undefined, { signal: lock.signal }), {
        expiryMs: 150,
        holdMaxMs: 400,
      }),
    );
    await expect(hanging).rejects.toMatchObject({ name: 'AbortError', cause: { code: 'lock.lost' } });
    await as(1, (locks) => locks.executeWithLock('hanging', async () => undefined));
  });

  it('is counted: waiting, holding, losing', async () => {
    const text = await metrics.metrics();
    expect(text).toMatch(/quoin_lock_wait_seconds_count\{kind="stock"\} [1-9]/);
    expect(text).toMatch(/quoin_lock_hold_seconds_count\{kind="generic"\} [1-9]/);
    expect(text).toMatch(/quoin_lock_lost_total\{kind="generic"\} [1-9]/);
    expect(text).toMatch(/quoin_lock_refused_total\{kind="generic",reason="timeout"\} [1-9]/);
  });
});

it('is not taken inside a unit of work, which would commit after it was given back', async () => {
  const unitOfWork = (modules[0] as TestingModule).get(UnitOfWork);
  const inside = as(0, (locks) => unitOfWork.run(() => locks.executeWithLock('late', async () => undefined)));
  await expect(inside).rejects.toThrow(LockInsideUnitOfWork);
  const around = as(0, (locks) =>
    unitOfWork.around(
      () => locks.executeWithLock('late', async () => undefined),
      () => undefined,
    ),
  );
  await expect(around).rejects.toThrow(LockInsideUnitOfWork);
});

it('needs a tenant', async () => {
  const locks = (modules[0] as TestingModule).get(DistributedLockService);
  await expect(runInContext({ tenant: undefined }, () => locks.acquire('report'))).rejects.toThrow('Name the tenant');
});

describe('without Redis', () => {
  it('no lock is given, at once and by name; what needs none goes on; and it comes back by itself', async () => {
    const unitOfWork = (modules[0] as TestingModule).get(UnitOfWork);
    const holding = as(0, (locks) =>
      locks.executeWithLock('held', (lock) => sleep(20_000, undefined, { signal: lock.signal }), { expiryMs: 600 }),
    ).catch((error: unknown) => error);
    await sleep(50);
    await redis.kill();

    const since = performance.now();
    let ran = false;
    const refused = as(1, (locks) => locks.executeWithLock('other', async () => void (ran = true)));
    await expect(refused).rejects.toMatchObject({ code: 'lock.unavailable', kind: 'unavailable' });
    await expect(refused).rejects.toThrow(LocksUnavailable);
    expect(performance.now() - since).toBeLessThan(2_500);
    expect(ran).toBe(false);
    expect(await inTenant(here, () => unitOfWork.read(() => unitOfWork.query('select 1 as one')))).toEqual([
      { one: 1 },
    ]);
    // Whoever held one when Redis died is told before it would have expired for others.
    expect(((await holding) as Error).cause).toBeInstanceOf(LockLost);

    await redis.restart();
    const until = Date.now() + 10_000;
    for (;;) {
      const again = await as(1, (locks) => locks.acquire('held', SOON)).catch(() => undefined);
      if (again) return again.release();
      if (Date.now() > until) throw new Error('locks did not come back');
      await sleep(50);
    }
  });
});
