import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { type Caller, type TenantApi, tenantApi } from '../testing/index.js';
import { DeedsModule, deedsSchema } from './testing/deeds.js';

let database: TestDatabase;
let proxy: Server;
let api: TenantApi;
let ann: Caller;
/** What the server was sent for the tenant, packet by packet. */
let packets: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase([deedsSchema]);
  const { options } = database;
  proxy = createServer((client) => {
    const server = connect({ port: options.tenant.port, host: '127.0.0.1', noDelay: true });
    client.on('data', (chunk) => packets.push(chunk.toString('latin1')));
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const place = { host: '127.0.0.1', port: (proxy.address() as { port: number }).port };
  const clusters = options.clusters.map((cluster) => ({ ...cluster, write: place }));
  const behindProxy = { ...database, options: { ...options, clusters, tenant: { ...options.tenant, ...place } } };
  api = await tenantApi(behindProxy, { imports: [DeedsModule] });
  const tenant = testTenant(database);
  await registerTenant(database, tenant);
  ann = await api.signIn(tenant, []);
  // Connected, and whatever is asked once is asked.
  await flightsOf(randomUUID());
});

afterAll(async () => {
  await api.stop();
  proxy.close();
  await database.drop();
});

async function flightsOf(key: string | undefined): Promise<string[]> {
  packets = [];
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  const { status } = await ann.raw('POST /v1/deeds', { body: { what: 'once' }, headers });
  expect(status).toBe(201);
  return packets;
}

it('makes no round trip for the key: the claim travels with BEGIN and the work, the answer with COMMIT', async () => {
  const plain = await flightsOf(undefined);
  const keyed = await flightsOf(randomUUID());
  expect(keyed).toHaveLength(plain.length);
  const claim = keyed.find((packet) => packet.includes('claim_idempotency_key'));
  for (const part of ['BEGIN', 'claim_idempotency_key', 'insert into deed']) expect(claim).toContain(part);
  const keep = keyed.find((packet) => packet.includes('insert into platform.idempotency_key'));
  expect(keep).toContain('COMMIT');
});

it('repeats an answer in two: the claim fails, and the answer is read', async () => {
  const key = randomUUID();
  await flightsOf(key);
  const again = await flightsOf(key);
  expect(again.filter((packet) => packet.includes('claim_idempotency_key'))).toHaveLength(1);
  expect(again.filter((packet) => packet.includes('from platform.idempotency_key'))).toHaveLength(1);
  expect(again.length).toBeLessThanOrEqual(5);
});

it('takes no connection for a request that is refused before its work begins', async () => {
  packets = [];
  const request = { body: { whit: 'typo' }, headers: { 'idempotency-key': randomUUID() } };
  expect((await ann.raw('POST /v1/deeds', request)).status).toBe(400);
  expect(packets).toEqual([]);
});
