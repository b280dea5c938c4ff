import { setTimeout as sleep } from 'node:timers/promises';
import { AddOperator } from '#erp/identity';
import { call, company, type Company, identityApi, IdentityStage, PASSWORD } from '#erp/identity/testing';
import type { TestServer } from '#libs/http/testing';
import { testStack } from '#libs/testing';

let stage: IdentityStage;
let api: TestServer;
let acme: Company;
let operator: string;

beforeAll(async () => {
  stage = await IdentityStage.open();
  // A database of Redis of its own: other specs sign up from this address too, more often than 60 times a minute.
  const redis = testStack().redis.sessions.replace(/\/\d+$/, '/11');
  api = await identityApi(stage, { REDIS_SESSION_URL: redis, API_RATE_LIMIT: '60' });
  const email = 'olga@quoin.example';
  await api.app.get(AddOperator).execute({ email, name: 'Olga', password: PASSWORD });
  const signedIn = await call<{ accessToken: string }>(api, 'POST /v1/operator/tokens', {
    body: { email, password: PASSWORD },
  });
  operator = signedIn.body.accessToken;
  acme = await company(api);
});

afterAll(async () => {
  await api.stop();
  await stage.close();
});

const limits = () => `/v1/landlord/tenants/${acme.slug}/rate-limits` as const;
const set = (body: unknown, token = operator) => call(api, `PUT ${limits()}`, { body, token });
const look = () => call(api, 'GET /v1/auth/me', { token: acme.owner });

it('an operator lowers and raises a tenant’s limits while it is served; within two seconds they hold', async () => {
  expect((await look()).headers['x-ratelimit-limit']).toBe('60');
  expect(await set({ route: 2, tenant: 5_000 })).toMatchObject({
    status: 200,
    body: { plan: 'standard', own: { route: 2, tenant: 5_000 }, ofPlan: {}, effective: { route: 2, tenant: 5_000 } },
  });
  await sleep(2_000);
  const answers = [];
  for (let request = 0; request < 3; request++) answers.push((await look()).status);
  // One was counted before: a limit that is lowered counts what has passed.
  expect(answers).toEqual([200, 429, 429]);

  const onPlan = await call(api, `PUT /v1/landlord/tenants/${acme.slug}/plan`, {
    body: { plan: 'unmetered' },
    token: operator,
  });
  expect(onPlan).toMatchObject({ status: 200, body: { plan: 'unmetered', effective: { route: 2 } } });
  expect(await set({})).toMatchObject({ status: 200, body: { own: {}, effective: { route: 1_000_000_000 } } });
  await sleep(2_000);
  const free = await look();
  expect([free.status, free.headers['x-ratelimit-limit']]).toEqual([200, '1000000000']);
});

it('plans have limits of their own, which operators read and set', async () => {
  const path = '/v1/landlord/plans/standard/rate-limits' as const;
  expect(await call(api, `PUT ${path}`, { body: { search: 12 }, token: operator })).toMatchObject({ status: 200 });
  expect((await call(api, `GET ${path}`, { token: operator })).body).toEqual({ search: 12 });
  expect((await call(api, `PUT ${path}`, { body: {}, token: operator })).body).toEqual({});
});

it.each([[{ route: 0 }], [{ route: 1.5 }], [{ route: 1_000_000_001 }], [{ route: '5' }], [{ speed: 5 }], [[]]])(
  'refuses %j, which is no limit',
  async (body) => {
    expect(await set(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  },
);

it('knows no limits of tenants and plans that there are not', async () => {
  const nobody = await call(api, 'GET /v1/landlord/tenants/nobody/rate-limits', { token: operator });
  expect(nobody).toMatchObject({ status: 404, body: { code: 'tenant.unknown' } });
  const gold = await call(api, 'GET /v1/landlord/plans/gold/rate-limits', { token: operator });
  expect(gold).toMatchObject({ status: 404, body: { code: 'plan.unknown' } });
});

it('is for operators alone: a tenant’s owner sets no limits, not even its own', async () => {
  expect((await set({ route: 1_000 }, acme.owner)).status).toBe(401);
  expect((await call(api, `GET ${limits()}`, { token: acme.owner })).status).toBe(401);
});
