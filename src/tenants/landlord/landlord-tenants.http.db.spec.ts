import { setTimeout as sleep } from 'node:timers/promises';
import { AddOperator } from '#erp/identity';
import { call, company, type Company, identityApi, IdentityStage, PASSWORD } from '#erp/identity/testing';
import type { TestServer } from '#libs/http/testing';
import { newTenant } from '../testing/index.js';

let stage: IdentityStage;
let api: TestServer;
let acme: Company;
let operator: string;

beforeAll(async () => {
  stage = await IdentityStage.open();
  api = await identityApi(stage);
  const email = 'olga@quoin.example';
  await api.app.get(AddOperator).execute({ email, name: 'Olga', password: PASSWORD });
  const body = { email, password: PASSWORD };
  operator = (await call<{ accessToken: string }>(api, 'POST /v1/operator/tokens', { body })).body.accessToken;
  acme = await company(api);
});

afterAll(async () => {
  await api.stop();
  await stage.close();
});

const tenants = '/v1/landlord/tenants' as const;
const own = (rest: string) => `${tenants}/${acme.slug}${rest}`;
const asOperator = (route: string, body?: unknown) =>
  call(api, route as 'GET /', { token: operator, ...(body !== undefined && { body }) });

it('lists tenants page by page in the order of their slugs, and shows where one lives', async () => {
  await company(api);
  const first = await asOperator(`GET ${tenants}?limit=1`);
  expect(first.body).toMatchObject({ items: [{ slug: expect.any(String) }], nextCursor: expect.any(String) });
  const shown = await asOperator(`GET ${own('')}`);
  expect(shown.body).toMatchObject({
    slug: acme.slug,
    status: 'active',
    placement: { isolation: 'shared', cluster: 'default' },
  });
  expect(await asOperator(`GET ${tenants}/nobody`)).toMatchObject({ status: 404, body: { code: 'tenant.unknown' } });
});

it('stops serving a suspended tenant within two seconds, and serves it again', async () => {
  const look = async () => (await call(api, 'GET /v1/auth/me', { token: acme.owner })).status;
  expect(await look()).toBe(200);
  const suspended = await asOperator(`POST ${own('/suspension')}`, { reason: 'did not pay' });
  expect(suspended).toMatchObject({ status: 200, body: { status: 'suspended' } });
  await sleep(2_000);
  expect(await look()).toBe(403);
  expect(await asOperator(`DELETE ${own('/suspension')}`)).toMatchObject({ status: 200, body: { status: 'active' } });
  await sleep(2_000);
  expect(await look()).toBe(200);
});

it('makes a tenant where it is told; without the owner’s login one with a schema of its own waits for a worker', async () => {
  const request = { ...newTenant(), placement: { isolation: 'schema' } };
  const made = await asOperator(`POST ${tenants}`, request);
  expect(made).toMatchObject({ status: 201, body: { status: 'provisioning', placement: { isolation: 'schema' } } });
  const move = await asOperator(`POST ${tenants}/${request.slug}/moves`, { isolation: 'shared' });
  expect(move).toMatchObject({ status: 409, body: { code: 'tenant.not_open' } });
});

it('writes a move down once, which a process with the owner’s login does', async () => {
  const wish = { isolation: 'schema' };
  const planned = await asOperator(`POST ${own('/moves')}`, wish);
  expect(planned).toMatchObject({ status: 202, body: { done: [], finished: false, to: { isolation: 'schema' } } });
  expect((await asOperator(`POST ${own('/moves')}`, wish)).body['id']).toBe(planned.body['id']);
  const other = await asOperator(`POST ${own('/moves')}`, { isolation: 'database' });
  expect(other).toMatchObject({ status: 409, body: { code: 'tenant.move_under_way' } });
  expect((await asOperator(`GET ${own('/moves')}`)).body).toMatchObject({ items: [{ id: planned.body['id'] }] });
});

it.each([[{}], [{ isolation: 'own' }], [{ cluster: '../x' }], [{ where: 'east' }], [[]]])(
  'refuses %j, which is no wish',
  async (body) => {
    const refused = await asOperator(`POST ${own('/moves')}`, body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  },
);

it('lets no user of a tenant in', async () => {
  const { status } = await call(api, `GET ${tenants}`, { token: acme.owner });
  expect(status).toBe(401);
});
