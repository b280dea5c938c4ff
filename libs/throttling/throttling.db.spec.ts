import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisClient } from '#libs/redis';
import { configureLogging } from '#libs/telemetry';
import { testStack } from '#libs/testing';
import type { Redis } from 'ioredis';
import { FailoverRateLimiter } from './failover-rate-limiter.js';
import { LocalRateLimiter } from './local-rate-limiter.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

const URL = testStack().redis.sessions;
/** Wide enough for a bucket that no machine is so slow as to come into the next one by itself. */
const DAY_MS = 86_400_000;
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

/** The names of the commands that this client sends from now on. */
function commandsOf(redis: Redis): string[] {
  const sent: string[] = [];
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    sent.push(command.name);
    return send(command, stream);
  };
  return sent;
}

/** As if so many buckets had passed since: what is stored of a window (see window-script.ts) is moved into the past. */
async function letPass(redis: Redis, subject: string, buckets: number): Promise<void> {
  const window = await redis.getBuffer(subject);
  if (!window) throw new Error(`nothing was counted under ${subject}`);
  const move = (at: number) => window.writeDoubleLE(window.readDoubleLE(at) - buckets, at);
  const [newest, entries, entryBytes] = [8, 16, 16];
  move(newest);
  for (let at = entries; at < window.length; at += entryBytes) move(at);
  await redis.set(subject, window, 'KEEPTTL');
}

beforeAll(() => configureLogging({ level: 'silent', service: 'test' }));

afterAll(() => clients.forEach((each) => each.disconnect()));

describe('the window in Redis', () => {
  it('lets exactly the limit through when a hundred come at once', async () => {
    const subject = key();
    const limiters = await Promise.all(Array.from({ length: 4 }, async () => new RedisRateLimiter(await client())));
    const decisions = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => limiters[index % 4]?.hit([{ key: subject, limit: 10 }])),
    );
    expect(decisions.filter((each) => each?.allowed)).toHaveLength(10);
  });

  it('counts a request under all of its limits or under none, and tells of the tightest', async () => {
    const limiter = new RedisRateLimiter(await client());
    const tenant = { key: key(), limit: 5 };
    const route = { key: key(), limit: 2 };
    // In one turn, and so in one round trip: decided one after the other all the same.
    const decisions = await Promise.all(Array.from({ length: 8 }, () => limiter.hit([tenant, route])));
    expect(decisions.map(({ allowed, tightest, remaining }) => [allowed, tightest, remaining])).toEqual([
      [true, 1, 1],
      [true, 1, 0],
      ...Array.from({ length: 6 }, () => [false, 1, 0]),
    ]);
    expect(await limiter.hit([tenant])).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('decides all limits of a request, and all requests of one turn, in one command', async () => {
    const redis = await client();
    const limiter = new RedisRateLimiter(redis);
    await limiter.hit([{ key: key(), limit: 1 }]);
    const sent = commandsOf(redis);
    await Promise.all(
      Array.from({ length: 20 }, () => limiter.hit([1, 2, 3].map((limit) => ({ key: key(), limit: limit * 10 })))),
    );
    expect(sent).toEqual(['evalsha']);
  });

  it('lets more through at once when the limit is raised, and says when after it was lowered', async () => {
    const redis = await client();
    const limiter = new RedisRateLimiter(redis, DAY_MS);
    const subject = key();
    for (let request = 0; request < 4; request += 1) {
      await limiter.hit([{ key: subject, limit: 4 }]);
      await letPass(redis, subject, 1);
    }
    expect(await limiter.hit([{ key: subject, limit: 4 }])).toMatchObject({ allowed: false });
    expect(await limiter.hit([{ key: subject, limit: 5 }])).toMatchObject({ allowed: true, remaining: 0 });
    const atFour = await limiter.hit([{ key: subject, limit: 4 }]);
    const atTwo = await limiter.hit([{ key: subject, limit: 2 }]);
    // Two more have to leave, which came a bucket apart. The last but one leaves when 60 more have passed.
    expect(atTwo.atMs + atTwo.resetAfterMs - (atFour.atMs + atFour.resetAfterMs)).toBe(2 * DAY_MS);
    expect(Math.ceil(atTwo.resetAfterMs / DAY_MS)).toBe(60);
    await letPass(redis, subject, 59);
    expect(await limiter.hit([{ key: subject, limit: 2 }])).toMatchObject({ allowed: false });
    await letPass(redis, subject, 1);
    expect(await limiter.hit([{ key: subject, limit: 2 }])).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('says when there is room again, and leaves nothing behind after it', async () => {
    const redis = await client();
    const subject = key();
    const limiter = new RedisRateLimiter(redis);
    await limiter.hit([{ key: subject, limit: 1 }]);
    const { allowed, resetAfterMs } = await limiter.hit([{ key: subject, limit: 1 }]);
    expect(allowed).toBe(false);
    expect(resetAfterMs).toBeGreaterThan(58_000);
    expect(resetAfterMs).toBeLessThanOrEqual(61_000);
    expect(await redis.pttl(subject)).toBeGreaterThanOrEqual(resetAfterMs - 50);
    expect(await redis.pttl(subject)).toBeLessThanOrEqual(61_000);
  });

  it('knows the script also after Redis has forgotten it', async () => {
    const redis = await client();
    await redis.script('FLUSH');
    await expect(new RedisRateLimiter(redis).hit([{ key: key(), limit: 1 }])).resolves.toMatchObject({
      allowed: true,
      remaining: 0,
    });
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
    expect(await limiter.hit([{ key: subject, limit: 2 }])).toMatchObject({ allowed: true, remaining: 1 });

    hangs = true;
    const decisions = [];
    for (let request = 0; request < 4; request += 1)
      decisions.push((await limiter.hit([{ key: subject, limit: 2 }])).allowed);
    expect(decisions).toEqual([true, true, false, false]);

    hangs = false;
    for (const release of held.splice(0)) release();
    await sleep(1_100);
    // The one that came too late to be waited for was counted all the same.
    expect(await limiter.hit([{ key: subject, limit: 5 }])).toMatchObject({ allowed: true, remaining: 2 });
  });
});
