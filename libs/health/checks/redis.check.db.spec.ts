import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { testConfig } from '#libs/config/testing';
import { redisClient, RedisClients } from '#libs/redis';
import { testStack } from '#libs/testing';
import { RedisCheck } from './redis.check.js';

let clients: RedisClients | undefined;

afterEach(() => clients?.onApplicationShutdown());

function checkOn(env: Readonly<Record<string, string>>): RedisCheck {
  const { queues, cache, locks, sessions } = testStack().redis;
  const good = {
    REDIS_QUEUE_URL: queues,
    REDIS_CACHE_URL: cache,
    REDIS_LOCK_URL: locks,
    REDIS_SESSION_URL: sessions,
  };
  const config = testConfig({ ...good, ...env });
  clients = new RedisClients(config);
  return new RedisCheck(clients, config);
}

describe('a process', () => {
  it('starts where only the cache evicts', async () => {
    const check = checkOn({});
    await check.onApplicationBootstrap();
    expect(await check.check()).toEqual({});
  });

  it('does not start where queues, locks or sessions could be thrown away, and says which', async () => {
    const { cache } = testStack().redis;
    const check = checkOn({ REDIS_QUEUE_URL: cache, REDIS_LOCK_URL: cache, REDIS_SESSION_URL: cache });
    const said = await check.onApplicationBootstrap().then(
      () => '',
      (error: unknown) => String(error),
    );
    for (const role of ['queues', 'locks', 'sessions'])
      expect(said).toContain(`${role}: maxmemory-policy is allkeys-lru`);
  });

  it('starts where Redis is away, and is degraded once it is back and evicts', async () => {
    const port = await freePort();
    const check = checkOn({ REDIS_SESSION_URL: `redis://127.0.0.1:${port}/0` });
    await check.onApplicationBootstrap();
    await expect(check.check()).rejects.toThrow(/./);
    const flags = ['--port', String(port), '--save', '', '--maxmemory', '64mb', '--maxmemory-policy', 'volatile-lru'];
    const server = spawn('redis-server', flags, { stdio: 'ignore', cwd: '/tmp' });
    const probe = redisClient(`redis://127.0.0.1:${port}/0`, 'spec');
    await once(probe, 'ready').catch(() => once(probe, 'ready'));
    probe.disconnect();
    const found = await check.check().catch(() => check.check());
    expect(found).toEqual({
      degraded: true,
      details: { faults: ['sessions: maxmemory-policy is volatile-lru, and must be noeviction'] },
    });
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
