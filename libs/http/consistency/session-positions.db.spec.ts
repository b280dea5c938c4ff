import { once } from 'node:events';
import { testConfig } from '#libs/config/testing';
import type { DatabaseOptions } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { RedisClients } from '#libs/redis';
import { testStack } from '#libs/testing';
import { SessionPositions } from './session-positions.js';

const at = (lsn: number, timeline = 1, cluster = 'default') => ({ cluster, timeline, lsn });
const options = { landlord: { database: 'positions-spec' } } as DatabaseOptions;

let clients: RedisClients;
let here: SessionPositions;
let there: SessionPositions;
let session: { tenantId: string; sessionId: string };

beforeAll(async () => {
  clients = new RedisClients(testConfig({ REDIS_SESSION_URL: testStack().redis.sessions }));
  [here, there] = [new SessionPositions(clients, options), new SessionPositions(clients, options)];
  for (const one of [here, there]) await ready(one);
});

afterAll(async () => {
  const redis = clients.of('sessions');
  const keys = await redis.keys('quoin:positions-spec:*');
  if (keys.length > 0) await redis.del(...keys);
  clients.onApplicationShutdown();
});

beforeEach(() => {
  session = { tenantId: uuidv7(), sessionId: uuidv7() };
});

/** Its connection is opened by the first question, and refuses it. */
async function ready(positions: SessionPositions): Promise<void> {
  await positions.of({ tenantId: uuidv7(), sessionId: uuidv7() }).catch(() => undefined);
  const client = clients.of('sessions');
  if (client.status !== 'ready') await once(client, 'ready');
  for (let tries = 0; tries < 100; tries += 1) {
    const known = await positions.of({ tenantId: uuidv7(), sessionId: uuidv7() }).catch(() => undefined);
    if (known) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('Redis does not answer');
}

it('knows nothing of a session that has seen nothing', async () => {
  expect(await here.of(session)).toEqual([]);
});

it('tells every process, and never goes back, in whatever order requests end', async () => {
  await Promise.all([30, 10, 50, 20, 40].map((lsn) => here.settle(session, at(lsn), undefined)));
  await there.settle(session, at(5), undefined);
  expect(await there.of(session)).toEqual([at(50)]);
});

it('keeps timelines and clusters apart', async () => {
  for (const position of [at(900), at(100, 2), at(7, 1, 'east')]) await here.settle(session, position, undefined);
  expect(await here.of(session)).toEqual(expect.arrayContaining([at(900), at(100, 2), at(7, 1, 'east')]));
});

it('knows no position from the moment a write is announced until it is settled', async () => {
  await here.settle(session, at(10), undefined);
  const [first, second] = [await here.announce(session), await there.announce(session)];
  expect(await there.of(session)).toBeUndefined();
  await here.settle(session, at(20), first);
  expect(await there.of(session)).toBeUndefined();
  await there.settle(session, undefined, second);
  expect(await there.of(session)).toEqual([at(20)]);
});

it('lets a write whose process died count for a minute', async () => {
  const [lost, now] = [await here.announce(session), Date.now()];
  const key = `quoin:positions-spec:tenant:{${session.tenantId}}:position:${session.sessionId}`;
  await clients.of('sessions').zadd(key, now - 50_000, lost);
  expect(await here.of(session)).toBeUndefined();
  await clients.of('sessions').zadd(key, now - 61_000, lost);
  expect(await here.of(session)).toEqual([]);
});

it('refuses to answer without Redis, soon', async () => {
  const away = new RedisClients(testConfig({ REDIS_SESSION_URL: 'redis://127.0.0.1:1/0' }));
  const positions = new SessionPositions(away, options);
  const begun = performance.now();
  await expect(positions.of(session)).rejects.toThrow(/writeable|closed/i);
  await expect(positions.announce(session)).rejects.toThrow(/writeable|closed/i);
  await positions.settle(session, at(1), '>1');
  expect(performance.now() - begun).toBeLessThan(500);
  away.onApplicationShutdown();
});
