import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { UnitOfWork } from './index.js';
import { widget, widgetSchema, Widgets } from './testing/widget.js';

let database: TestDatabase;
let proxy: Server;
let module: TestingModule;
let unitOfWork: UnitOfWork;
let tenant: TenantIdentity;
/** What the server was sent, packet by packet. */
let packets: string[] = [];

/** Stands between the pool and PostgreSQL and looks at what passes. */
async function startProxy(port: number): Promise<number> {
  proxy = createServer((client) => {
    const server = connect({ port, host: '127.0.0.1', noDelay: true });
    client.on('data', (chunk) => packets.push(chunk.toString('latin1')));
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return (proxy.address() as { port: number }).port;
}

beforeAll(async () => {
  database = await createTestDatabase([widgetSchema]);
  const { options } = database;
  const place = { host: '127.0.0.1', port: await startProxy(options.tenant.port) };
  const clusters = options.clusters.map((cluster) => ({ ...cluster, write: place }));
  const behindProxy = { ...database, options: { ...options, clusters, tenant: { ...options.tenant, ...place } } };
  module = await testingModule(behindProxy, { providers: [Widgets] });
  unitOfWork = module.get(UnitOfWork);
});

afterAll(async () => {
  await module.close();
  proxy.close();
  await database.drop();
});

beforeEach(async () => {
  tenant = testTenant(database);
  await inTenant(tenant, () => unitOfWork.run(() => module.get(Widgets).save([widget('one'), widget('two')])));
  packets = [];
});

const NAMES = 'select name from widget where tenant_id = $1 order by name';

it('reads with one statement in one flush: BEGIN, the tenant, the statement and COMMIT', async () => {
  const rows = await inTenant(tenant, () => unitOfWork.readOne(NAMES, [tenant.id]));
  expect(rows).toEqual([{ name: 'one' }, { name: 'two' }]);
  expect(packets).toHaveLength(1);
  for (const part of ['BEGIN READ ONLY', tenant.id, NAMES, 'COMMIT']) expect(packets[0]).toContain(part);
});

it('sends in one packet what is asked for in one turn, beginning and committing apart', async () => {
  await inTenant(tenant, () =>
    unitOfWork.read(() => Promise.all([1, 2, 3].map(() => unitOfWork.query(NAMES, [tenant.id])))),
  );
  expect(packets).toHaveLength(2);
});

it('reads of no other tenant that way', async () => {
  const stranger = testTenant(database);
  await expect(inTenant(stranger, () => unitOfWork.readOne(NAMES, [tenant.id]))).resolves.toEqual([]);
});

it('refuses to write that way, and tells what the statement failed with', async () => {
  const writing = inTenant(tenant, () => unitOfWork.readOne('delete from widget where tenant_id = $1', [tenant.id]));
  await expect(writing).rejects.toMatchObject({ code: '25006' });
  const failing = inTenant(tenant, () => unitOfWork.readOne('select 1 / $1::int', [0]));
  await expect(failing).rejects.toMatchObject({ code: '22012' });
  await expect(inTenant(tenant, () => unitOfWork.readOne(NAMES, [tenant.id]))).resolves.toHaveLength(2);
});

it('joins what is open and sees what it has written', async () => {
  const rows = await inTenant(tenant, () =>
    unitOfWork.run(async () => {
      await module.get(Widgets).save(widget('three'));
      return unitOfWork.readOne(NAMES, [tenant.id]);
    }),
  );
  expect(rows).toHaveLength(3);
});
