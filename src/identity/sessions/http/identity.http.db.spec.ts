import { atLandlord, newTenant } from '#erp/tenants/testing';
import type { TestServer } from '#libs/http/testing';
import { TenantDirectory } from '#libs/tenancy';
import { call, identityApi, IdentityStage, PASSWORD } from '../../testing/index.js';

let stage: IdentityStage;
let api: TestServer;
let without: TestServer;

beforeAll(async () => {
  stage = await IdentityStage.open({ TENANT_BASE_DOMAIN: 'quoin.test' });
  api = await identityApi(stage);
  without = await identityApi(stage, { REDIS_SESSION_URL: 'redis://127.0.0.1:1/0' });
});

afterAll(async () => {
  await api.stop();
  await without.stop();
  await stage.close();
});

interface Tokens {
  accessToken: string;
  tokenType: string;
  expiresIn: number;
  refreshToken: string;
}

interface Versioned {
  id: string;
  version: number;
}

/** Signs a company up; its slug. */
async function company(): Promise<string> {
  const request = newTenant();
  const { status } = await call(api, 'POST /v1/tenants', { body: request });
  expect(status).toBe(201);
  return request.slug;
}

async function tokensOf(slug: string, email = 'ada@acme.example', server = api): Promise<Tokens> {
  const body = { email, password: PASSWORD };
  const answer = await call<Tokens>(server, 'POST /v1/auth/tokens', { body, headers: { 'x-tenant': slug } });
  expect(answer.status).toBe(200);
  return answer.body;
}

describe('sign-up', () => {
  it('answers 201 with the tenant, and its administrator can sign in', async () => {
    const request = newTenant();
    const { status, body } = await call(api, 'POST /v1/tenants', { body: request });
    const { slug, name, currency, timeZone } = request;
    expect([status, body]).toEqual([201, { id: expect.any(String), slug, name, currency, timeZone, status: 'active' }]);
    const { accessToken } = await tokensOf(slug);
    const me = await call<{ permissions: string[] }>(api, 'GET /v1/auth/me', { token: accessToken });
    expect(me.body).toMatchObject({ email: 'ada@acme.example', name: 'Ada Owner', tenant: { slug } });
    expect(me.body.permissions).toContain('tenant.manage');
  });

  it('gives a slug to one of two who race for it: 201 and 409', async () => {
    const request = newTenant();
    const other = { ...request, admin: { ...request.admin, email: 'eve@evil.example' } };
    const answers = await Promise.all([request, other].map((body) => call(api, 'POST /v1/tenants', { body })));
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(answers.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'tenant.slug_taken' });
  });

  it.each([
    ['a short password', { admin: { email: 'a@b.example', name: 'A', password: 'elevenchars' } }, 'admin.password'],
    ['an unknown currency', { currency: 'XXX' }, 'currency'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['a slug that is no label', { slug: 'Not a slug' }, 'slug'],
    ['a field nobody knows', { plan: 'free' }, 'plan'],
  ])('refuses %s, naming it', async (_, wrong, path) => {
    const answer = await call<{ errors: { path: string }[] }>(api, 'POST /v1/tenants', {
      body: { ...newTenant(), ...wrong },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error) => error.path)).toContain(path);
  });
});

describe('tokens', () => {
  it('are given for a password, and kept by no cache', async () => {
    const slug = await company();
    const body = { grantType: 'password', email: 'ada@acme.example', password: PASSWORD };
    const answer = await call<Tokens>(api, 'POST /v1/auth/tokens', { body, headers: { host: `${slug}.quoin.test` } });
    expect(answer.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('are refused alike to unknown users and wrong passwords', async () => {
    const headers = { 'x-tenant': await company() };
    const refusals = await Promise.all(
      [
        { email: 'nobody@acme.example', password: PASSWORD },
        { email: 'ada@acme.example', password: 'wrong password!' },
      ].map((body) => call(api, 'POST /v1/auth/tokens', { body: { grantType: 'password', ...body }, headers })),
    );
    const [unknown, wrong] = refusals.map(({ status, body }) => {
      const { correlationId: _, ...rest } = body;
      return { status, rest };
    });
    expect(unknown).toEqual(wrong);
    expect(unknown).toMatchObject({ status: 401, rest: { code: 'auth.credentials_refused' } });
  });

  it('are renewed once for a refresh token; the second time ends the session', async () => {
    const slug = await company();
    const headers = { 'x-tenant': slug };
    const { refreshToken } = await tokensOf(slug);
    const body = { grantType: 'refresh_token', refreshToken };
    const renewed = await call<Tokens>(api, 'POST /v1/auth/tokens', { body, headers });
    expect(renewed.status).toBe(200);
    const again = await call(api, 'POST /v1/auth/tokens', { body, headers });
    expect([again.status, again.body['code']]).toEqual([401, 'auth.refresh_refused']);
    const after = await call(api, 'GET /v1/auth/me', { token: renewed.body.accessToken });
    expect([after.status, after.body['code']]).toEqual([401, 'auth.session_ended']);
  });

  it.each([
    ['with Redis', () => api],
    ['without Redis', () => without],
  ])('are void at once after DELETE /v1/auth/tokens/current, %s', async (_, server) => {
    const slug = await company();
    const { accessToken: token, refreshToken } = await tokensOf(slug, 'ada@acme.example', server());
    expect((await call(server(), 'GET /v1/auth/me', { token })).status).toBe(200);
    const ended = await call(server(), 'DELETE /v1/auth/tokens/current', { token });
    expect([ended.status, ended.body]).toEqual([204, undefined]);
    const after = await call(server(), 'GET /v1/auth/me', { token });
    expect([after.status, after.body['code']]).toEqual([401, 'auth.session_ended']);
    const body = { grantType: 'refresh_token', refreshToken };
    expect((await call(server(), 'POST /v1/auth/tokens', { body, headers: { 'x-tenant': slug } })).status).toBe(401);
  });
});

describe('a tenant', () => {
  it('is not opened by a token of another one, by header or host', async () => {
    const [ours, theirs] = [await company(), await company()];
    const { accessToken: token } = await tokensOf(ours);
    const others: Record<string, string>[] = [{ 'x-tenant': theirs }, { host: `${theirs}.quoin.test` }];
    for (const headers of others) {
      const { status, body } = await call(api, 'GET /v1/users', { token, headers });
      expect([status, body['code']]).toEqual([403, 'tenant.mismatch']);
    }
  });

  it('that is suspended lets nobody sign in, and nobody go on', async () => {
    const slug = await company();
    const { accessToken: token } = await tokensOf(slug);
    await atLandlord(stage.database, `update tenant set status = 'suspended' where slug = $1`, [slug]);
    api.app.get(TenantDirectory, { strict: false }).forget();
    const body = { grantType: 'password', email: 'ada@acme.example', password: PASSWORD };
    for (const answer of [
      await call(api, 'POST /v1/auth/tokens', { body, headers: { 'x-tenant': slug } }),
      await call(api, 'GET /v1/users', { token }),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([403, 'tenant.suspended']);
    }
  });
});

describe('users, roles and company', () => {
  it('are made, read and changed with entity tags', async () => {
    const { accessToken: token } = await tokensOf(await company());
    const role = await call<Versioned>(api, 'POST /v1/roles', {
      token,
      body: { name: 'counter', permissions: ['catalog.read'] },
    });
    expect([role.status, role.headers.location, role.headers.etag]).toEqual([201, `/v1/roles/${role.body.id}`, '"1"']);
    const bob = { email: 'bob@acme.example', name: 'Bob', password: PASSWORD, roleIds: [role.body.id] };
    const user = await call<Versioned>(api, 'POST /v1/users', { token, body: bob });
    expect(user.body).toMatchObject({ email: bob.email, roles: [{ id: role.body.id, name: 'counter' }], version: 1 });
    const path = `/v1/users/${user.body.id}` as const;
    const stale = await call(api, `PATCH ${path}`, { token, body: { name: 'Rob' }, headers: { 'if-match': '"9"' } });
    expect([stale.status, stale.body['code']]).toEqual([412, 'precondition.failed']);
    const changed = await call(api, `PATCH ${path}`, { token, body: { name: 'Rob' }, headers: { 'if-match': '"1"' } });
    expect([changed.status, changed.headers.etag, changed.body['name']]).toEqual([200, '"2"', 'Rob']);
    const list = await call<{ items: unknown[] }>(api, 'GET /v1/users?limit=1', { token });
    expect(list.body).toMatchObject({ items: [changed.body], nextCursor: expect.any(String) });
    const inUse = await call(api, `DELETE /v1/roles/${role.body.id}`, { token });
    expect([inUse.status, inUse.body['code']]).toEqual([409, 'role.in_use']);
  });

  it('are for those with the permission alone', async () => {
    const slug = await company();
    const { accessToken: token } = await tokensOf(slug);
    const roles = await call<{ items: { id: string; name: string }[] }>(api, 'GET /v1/roles', { token });
    const viewer = roles.body.items.find((role) => role.name === 'viewer')!;
    const body = { email: 'vic@acme.example', name: 'Vic', password: PASSWORD, roleIds: [viewer.id] };
    await call(api, 'POST /v1/users', { token, body });
    const { accessToken } = await tokensOf(slug, 'vic@acme.example');
    expect((await call(api, 'GET /v1/company', { token: accessToken })).status).toBe(200);
    const refused = await call(api, 'POST /v1/users', { token: accessToken, body });
    expect([refused.status, refused.body['code']]).toEqual([403, 'auth.forbidden']);
  });

  it('shows and replaces the company', async () => {
    const { accessToken: token } = await tokensOf(await company());
    const first = await call(api, 'GET /v1/company', { token });
    const { version, updatedAt, ...details } = first.body;
    expect([version, typeof updatedAt, first.headers.etag]).toEqual([1, 'string', '"1"']);
    const body = { ...details, addressLines: ['1 Market Street', 'London EC1A 1AA'], taxNumber: 'GB123456789' };
    const replaced = await call(api, 'PUT /v1/company', { token, body, headers: { 'if-match': '"1"' } });
    expect(replaced.body).toMatchObject({ ...body, version: 2 });
    const stale = await call(api, 'PUT /v1/company', { token, body, headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
  });

  it('lists what can be permitted', async () => {
    const { accessToken: token } = await tokensOf(await company());
    const { body } = await call<{ items: { name: string }[] }>(api, 'GET /v1/permissions', { token });
    expect(body.items.map((item) => item.name)).toEqual(expect.arrayContaining(['user.write', 'accounting.write']));
  });
});
