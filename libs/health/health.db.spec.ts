import { type DynamicModule, Module } from '@nestjs/common';
import { ContextModule } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { testServer, type TestServer } from '#libs/http/testing';
import { QueueClients, QueuesModule } from '#libs/queues';
import { redisClient, RedisModule } from '#libs/redis';
import { createTestDatabase, type TestDatabase, testStack } from '#libs/testing';
import { HealthModule } from './health.module.js';

const PREFIX = `health-${process.pid}`;
const NOWHERE = 'redis://127.0.0.1:1/0';
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase([]);
});

afterAll(() => database.drop());

@Module({})
class Process {}

function processOn(databasePort: number, queuesUrl: string): DynamicModule {
  const { landlord, tenant, ...options } = database.options;
  const moved = {
    ...options,
    landlord: { ...landlord, port: databasePort },
    tenant: { ...tenant, port: databasePort },
  };
  return {
    module: Process,
    imports: [
      ContextModule,
      DatabaseModule.forRoot(moved),
      QueuesModule.forRoot({ url: queuesUrl, prefix: PREFIX }),
      RedisModule,
      HealthModule.forRoot(),
    ],
  };
}

async function probed(server: TestServer, path: string): Promise<[number, Record<string, never>]> {
  const response = await fetch(`${server.url}${path}`);
  return [response.status, (await response.json()) as Record<string, never>];
}

describe('a process on real servers', () => {
  let server: TestServer;

  beforeAll(async () => {
    const { queues, cache, locks, sessions } = testStack().redis;
    const env = { REDIS_CACHE_URL: cache, REDIS_LOCK_URL: locks, REDIS_SESSION_URL: sessions };
    server = await testServer(processOn(database.options.tenant.port, queues), { env });
  });

  afterAll(async () => {
    await server.stop();
    const redis = redisClient(testStack().redis.queues, 'health-spec');
    await new Promise((resolve) => redis.once('ready', resolve));
    const keys = await redis.keys(`${PREFIX}:*`);
    if (keys.length > 0) await redis.del(...keys);
    redis.disconnect();
  });

  it('is ready', async () => {
    expect(await probed(server, '/readyz')).toMatchObject([200, { status: 'ok', error: {} }]);
    expect(await probed(server, '/health')).toMatchObject([
      200,
      { status: 'healthy', checks: { database: 'ok', redis: 'ok', queue: 'ok' } },
    ]);
  });

  it('is degraded with more than 1,000 jobs waiting on a queue', async () => {
    const queues = server.app.get(QueueClients, { strict: false });
    const jobs = Array.from({ length: 1_001 }, (_, index) => ({ id: `health-${index}`, name: 'nothing', data: {} }));
    await queues.add('low', jobs);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await probed(server, '/health')).toMatchObject([
      200,
      { status: 'degraded', checks: { queue: 'degraded' }, details: { queue: { low: { waiting: 1_001 } } } },
    ]);
    expect((await probed(server, '/readyz'))[0]).toBe(200);
  });
});

describe('a process whose servers are away', () => {
  it('starts, lives, and says that it is not ready', async () => {
    const server = await testServer(processOn(1, NOWHERE));
    expect((await probed(server, '/livez'))[0]).toBe(200);
    expect(await probed(server, '/readyz')).toMatchObject([
      503,
      { error: { database: { status: 'down' }, redis: { status: 'down' }, queue: { status: 'down' } } },
    ]);
    await server.stop();
  });
});
