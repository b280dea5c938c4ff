import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisClient } from '#libs/redis';
import { configureLogging } from '#libs/telemetry';
import { testStack } from '#libs/testing';
import type { Redis } from 'ioredis';
import { FailoverRateLimiter } from './failover-rate-limiter.js';
import { LocalRateLimiter } from './local-rate-limiter.js';
import { BUCKETS, type RateDecision } from './rate-limiter.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

const URL = testStack().redis.locks;
const clients: Redis[] = [];

async function client(url = URL): Promise<Redis> {
  const redis = redisClient(url, 'throttling-spec', { commandTimeoutMs: 1_000 });
  clients.push(redis);
  if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
  return redis;
}

function key(): string {
  return `rate_limit:tenant:{${randomUUID()}}:user:u:route:/spec`;
}

beforeAll(() => configureLogging({ level: 'silent', service: 'test' }));

afterAll(() => clients.forEach((each) => each.disconnect()));

describe('the window in Redis', () => {
  it('holds its limit at every moment, however many processes race', async () => {
    const BUCKET_MS = 10;
    const WINDOW_MS = BUCKETS * BUCKET_MS;
    const LIMIT = 7;
    const subject = key();
    const limiters = await Promise.all(
      Array.from({ length: 5 }, async () => new RedisRateLimiter(await client(), BUCKET_MS)),
    );
    const decisions: RateDecision[] = [];
    const until = Date.now() + 4 * WINDOW_MS;
    const race = async (limiter: RedisRateLimiter): Promise<void> => {
      while (Date.now() < until) {
        decisions.push(...(await Promise.all([limiter.hit(subject, LIMIT), limiter.hit(subject, LIMIT)])));
        await sleep(Math.random() * 4);
      }
    };
    await Promise.all(limiters.map(race));

    const allowed = decisions
      .filter((each) => each.allowed)
      .map((each) => each.atMs)
      .sort((a, b) => a - b);
    const tooClose = allowed.filter((at, index) => (allowed[index + LIMIT] ?? Infinity) - at < WINDOW_MS);
    expect(tooClose).toEqual([]);
    expect(decisions.length).toBeGreaterThan(500);
    // Three whole windows after the first: the limit is not only kept but given.
    expect(allowed.length).toBeGreaterThanOrEqual(3 * LIMIT);
    for (const { used } of decisions) expect(used).toBeLessThanOrEqual(LIMIT);
  });

  it('lets exactly the limit through when a hundred come at once', async () => {
    const subject = key();
    const limiters = await Promise.all(Array.from({ length: 4 }, async () => new RedisRateLimiter(await client())));
    const decisions = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => limiters[index % 4]?.hit(subject, 10)),
    );
    expect(decisions.filter((each) => each?.allowed)).toHaveLength(10);
  });

  it('says when there is room again, and leaves nothing behind after it', async () => {
    const redis = await client();
    const subject = key();
    const limiter = new RedisRateLimiter(redis);
    await limiter.hit(subject, 1);
    const { allowed, resetAfterMs } = await limiter.hit(subject, 1);
    expect(allowed).toBe(false);
    expect(resetAfterMs).toBeGreaterThan(58_000);
    expect(resetAfterMs).toBeLessThanOrEqual(61_000);
    expect(await redis.pttl(subject)).toBeGreaterThanOrEqual(resetAfterMs - 50);
    expect(await redis.pttl(subject)).toBeLessThanOrEqual(61_000);
  });

  it('knows the script also after Redis has forgotten it', async () => {
    const redis = await client();
    await redis.script('FLUSH');
    await expect(new RedisRateLimiter(redis).hit(key(), 1)).resolves.toMatchObject({ allowed: true, used: 1 });
  });
});

describe('a Redis that stops answering', () => {
  const sockets = new Set<Socket>();
  let proxy: Server;
  let hangs = false;
  const held: (() => void)[] = [];

  /** A wire to the real Redis that can be made to hold everything back. */
  beforeAll(async () => {
    const { hostname, port } = new globalThis.URL(URL);
    proxy = createServer((near) => {
      const far = connect(Number(port), hostname);
      for (const socket of [near, far]) sockets.add(socket.on('error', () => socket.destroy()));
      near.on('data', (data) => (hangs ? held.push(() => far.write(data)) : far.write(data)));
      far.on('data', (data) => near.write(data));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });

  it('costs one bounded wait; requests are then counted here, and there again when it is back', async () => {
    const url = new globalThis.URL(URL);
    url.port = String((proxy.address() as AddressInfo).port);
    const shared = new RedisRateLimiter(await client(url.href));
    const limiter = new FailoverRateLimiter(shared, new LocalRateLimiter());
    const subject = key();
    expect(await limiter.hit(subject, 2)).toMatchObject({ allowed: true, used: 1 });

    hangs = true;
    const decisions = [];
    for (let request = 0; request < 4; request += 1) decisions.push((await limiter.hit(subject, 2)).allowed);
    expect(decisions).toEqual([true, true, false, false]);

    hangs = false;
    for (const release of held.splice(0)) release();
    await sleep(1_100);
    // The one that came too late to be waited for was counted all the same.
    expect(await limiter.hit(subject, 5)).toMatchObject({ allowed: true, used: 3 });
  });
});
