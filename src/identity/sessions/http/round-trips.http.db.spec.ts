import type { Socket } from 'node:net';
import { RedisClients } from '#libs/redis';
import type { TestServer } from '#libs/http/testing';
import { call, company, identityApi, IdentityStage } from '../../testing/index.js';

let stage: IdentityStage;
let api: TestServer;

beforeAll(async () => {
  stage = await IdentityStage.open();
  api = await identityApi(stage);
});

afterAll(async () => {
  await api.stop();
  await stage.close();
});

/** What a request sends to the Redis of the sessions: one text for each write to its socket. */
function sentToRedis(): string[] {
  const client = api.app.get(RedisClients, { strict: false }).forRequests('sessions');
  const { stream } = client as unknown as { stream: Socket };
  const sent: string[] = [];
  const write = stream.write.bind(stream);
  stream.write = ((...bytes: Parameters<Socket['write']>) => {
    sent.push(String(bytes[0]));
    return write(...bytes);
  }) as Socket['write'];
  return sent;
}

it('an authenticated request waits for one round trip to Redis: its session and its limits are asked together', async () => {
  const { owner } = await company(api);
  const ask = async () => expect((await call(api, 'GET /v1/permissions', { token: owner })).status).toBe(200);
  const sent = sentToRedis();
  // Until scripts are known and all is cached; and where Redis once was too slow for the limiter, that counts by itself for a while.
  const warmUntil = Date.now() + 20_000;
  let warming = 0;
  do {
    sent.length = 0;
    await ask();
    warming += 1;
  } while (warming < 3 || (!/evalsha/i.test(sent.join('')) && Date.now() < warmUntil));
  sent.length = 0;
  await ask();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/mget[\s\S]*evalsha|evalsha[\s\S]*mget/i);
  await Promise.all(Array.from({ length: 5 }, ask));
  expect(sent.length).toBeLessThanOrEqual(1 + 5);
});
