import { randomUUID } from 'node:crypto';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { JsonValue } from '#libs/kernel';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testStack, testTenant } from '#libs/testing';
import { redisClient } from '#libs/redis';
import type { Redis } from 'ioredis';
import { Cache } from './index.js';

let database: TestDatabase;
let module: TestingModule;
let redis: Redis;
let tenant: TenantIdentity;
let cache: Cache;

const prefix = `spec-${randomUUID()}:`;

beforeAll(async () => {
  database = await createTestDatabase([]);
  module = await testingModule(database, {}, { url: testStack().redis.cache, prefix });
  redis = redisClient(testStack().redis.cache, 'cache-spec');
  cache = module.get(Cache);
});

afterAll(async () => {
  redis.disconnect();
  await module.close();
  await database.drop();
});

beforeEach(() => {
  tenant = testTenant(database);
});

let reads = 0;
const counted = async (): Promise<{ count: number }> => ({ count: (reads += 1) });
const remember = (key = 'spec:count', tags: readonly string[] = ['t'], of = tenant) =>
  inTenant(of, () => cache.remember(key, 60, tags, counted));

describe('what was remembered', () => {
  it('is not read again, until it is forgotten or one of its tags is flushed', async () => {
    const { count } = await remember();
    expect(await remember()).toEqual({ count });
    await inTenant(tenant, () => cache.forget('spec:count'));
    expect(await remember()).toEqual({ count: count + 1 });
    await inTenant(tenant, () => cache.flushTags(['t']));
    expect(await remember()).toEqual({ count: count + 2 });
  });

  it('is one tenant’s: no key, tag or flush reaches another’s', async () => {
    const other = testTenant(database);
    const mine = await remember();
    const theirs = await remember('spec:count', ['t'], other);
    expect(theirs).not.toEqual(mine);
    await inTenant(other, () => cache.flushTags(['t']));
    await inTenant(other, () => cache.forget('spec:count'));
    expect(await remember()).toEqual(mine);
    expect(await remember('spec:count', ['t'], other)).not.toEqual(theirs);
  });

  it('stands under the prefix and the tenant, on one slot, and goes by itself', async () => {
    await remember();
    const keys = await redis.keys(`${prefix}*${tenant.id}*`);
    expect(keys.toSorted()).toEqual([
      `${prefix}tenant:{${tenant.id}}:#tag:t`,
      `${prefix}tenant:{${tenant.id}}:spec:count`,
    ]);
    expect(await redis.pttl(`${prefix}tenant:{${tenant.id}}:spec:count`)).toBeLessThanOrEqual(60_000);
  });

  it('is reached by landlord work, which names the tenant', async () => {
    const mine = await remember();
    const options = { tenantId: tenant.id };
    expect(await cache.remember('spec:count', 60, ['t'], counted, options)).toEqual(mine);
    await cache.flushTags(['t'], tenant.id);
    expect(await remember()).not.toEqual(mine);
    await expect(cache.remember('spec:count', 60, [], counted)).rejects.toMatchObject({ code: 'tenant.required' });
  });

  it('comes back as it was, whatever it is, and large values are kept compressed', async () => {
    const values: JsonValue[] = [null, 0, '', 'é\u0000€', false, [], { a: { b: [1, 'x', null] } }];
    for (const value of [...values, 'word '.repeat(20_000)]) {
      const key = `spec:${randomUUID()}`;
      const of = (read: () => Promise<JsonValue>) => inTenant(tenant, () => cache.remember(key, 60, [], read));
      expect(await of(async () => value)).toEqual(value);
      expect(await of(async () => 'not asked')).toEqual(value);
      const stored = await redis.strlen(`${prefix}tenant:{${tenant.id}}:${key}`);
      expect(stored).toBeLessThan(1_000);
    }
  });

  it('is an object of the caller’s own', async () => {
    const first = await remember();
    Object.assign(first, { count: -1 });
    expect((await remember()).count).toBeGreaterThan(0);
  });

  it.each([
    ['a key with braces', 'spec:{x}', 60, []],
    ['a key with a hash', 'spec:#x', 60, []],
    ['an endless key', `spec:${'x'.repeat(300)}`, 60, []],
    ['a tag with blanks', 'spec:x', 60, ['a b']],
    ['nine tags', 'spec:x', 60, 'a b c d e f g h i'.split(' ')],
    ['no time', 'spec:x', 0, []],
    ['more than a day', 'spec:x', 86_401, []],
  ])('may not have %s', async (_name, key, ttlS, tags) => {
    await expect(inTenant(tenant, () => cache.remember(key, ttlS, tags, counted))).rejects.toBeInstanceOf(TypeError);
  });
});

describe('inside a unit of work', () => {
  it('nothing is taken from the cache and nothing is kept: it may never be committed', async () => {
    const unitOfWork = module.get(UnitOfWork);
    const kept = await remember();
    const [first, second] = await inTenant(tenant, () =>
      unitOfWork.run(async () => [
        await cache.remember('spec:count', 60, ['t'], counted),
        await cache.remember('spec:uncommitted', 60, ['t'], counted),
      ]),
    );
    expect(first).not.toEqual(kept);
    expect(await remember()).toEqual(kept);
    expect(await remember('spec:uncommitted')).not.toEqual(second);
  });
});
