import { setTimeout as sleep } from 'node:timers/promises';
import type { TestServer } from '#libs/http/testing';
import { newApiKey } from '#libs/auth';
import { uuidv7 } from '#libs/kernel';
import { call, type Company, company, identityApi, IdentityStage } from '../../testing/index.js';

interface Key {
  id: string;
  key: string;
  ending: string;
  permissions: string[];
  lastUsedAt: string | null;
  revokedAt: string | null;
  code?: string;
}

let stage: IdentityStage;
let api: TestServer;
let other: TestServer;
let acme: Company;

beforeAll(async () => {
  stage = await IdentityStage.open();
  api = await identityApi(stage);
  other = await identityApi(stage);
});

afterAll(async () => {
  await api.stop();
  await other.stop();
  await stage.close();
});

beforeEach(async () => {
  acme = await company(api);
});

function create(token: string, permissions: readonly string[], more: object = {}) {
  return call<Key>(api, 'POST /v1/api-keys', { token, body: { name: 'web shop', permissions, ...more } });
}

async function keyOf(token: string, permissions: readonly string[]): Promise<Key> {
  const { status, body } = await create(token, permissions);
  expect(status).toBe(201);
  return body;
}

async function refusal(route: Parameters<typeof call>[1], token: string, server = api): Promise<[number, unknown]> {
  const { status, body } = await call(server, route, { token });
  return [status, body['code']];
}

describe('a key', () => {
  it('is shown once, and kept as a hash', async () => {
    const created = await create(acme.owner, ['user.read'], { expiresInDays: 30 });
    const { key, id, ending } = created.body;
    expect(key).toMatch(/^qk_[0-9A-Za-z]{71}$/);
    expect(key.endsWith(ending)).toBe(true);
    expect(created.headers).toMatchObject({ location: `/v1/api-keys/${id}`, 'cache-control': 'no-store' });
    const { body } = await call(api, `GET /v1/api-keys/${id}`, { token: acme.owner });
    const { key: _, ...shown } = created.body;
    expect(body).toEqual(shown);
    expect(JSON.stringify(await stage.database.asSuperuser('select * from api_key'))).not.toContain(key);
  });

  it('permits what it names, without naming a tenant, and nothing of the account', async () => {
    const { key } = await keyOf(acme.owner, ['user.read']);
    expect((await call(api, 'GET /v1/users', { token: key })).status).toBe(200);
    expect(await refusal('GET /v1/roles', key)).toEqual([403, 'auth.forbidden']);
    const me = await call(api, 'GET /v1/auth/me', { token: key });
    expect(me.body).toMatchObject({
      email: 'ada@acme.example',
      permissions: ['user.read'],
      tenant: { slug: acme.slug },
    });
    for (const route of ['GET /v1/auth/sessions', 'DELETE /v1/auth/sessions', 'GET /v1/api-keys'] as const) {
      expect(await refusal(route, key)).toEqual([403, 'auth.session_required']);
    }
  });

  it('makes no other key, which would outlive it', async () => {
    const { key } = await keyOf(acme.owner, ['api_key.write', 'user.read']);
    const { status, body } = await create(key, ['user.read']);
    expect([status, body.code]).toEqual([403, 'auth.session_required']);
  });

  it('names no permission that its maker lacks, nor one that nobody knows', async () => {
    expect((await create(acme.owner, ['no.such'])).body.code).toBe('permission.unknown');
    expect((await create(await acme.colleague('viewer'), ['catalog.read'])).body.code).toBe('auth.forbidden');
    const role = { name: 'integrator', permissions: ['api_key.write', 'catalog.read'] };
    await call(api, 'POST /v1/roles', { token: acme.owner, body: role });
    const integrator = await acme.colleague('integrator');
    expect((await create(integrator, ['catalog.read', 'user.read'])).body.code).toBe('permission.escalation');
    expect((await create(integrator, ['catalog.read'])).status).toBe(201);
  });

  it('permits no more than its user may now', async () => {
    const { key } = await keyOf(acme.owner, ['user.read', 'role.read']);
    expect((await call(api, 'GET /v1/roles', { token: key })).status).toBe(200);
    const user = await call<{ items: { id: string }[] }>(api, 'GET /v1/users', { token: acme.owner });
    const bob = await acme.colleague('owner');
    const role = await call<{ id: string }>(api, 'POST /v1/roles', {
      token: bob,
      body: { name: 'readers', permissions: ['user.read'] },
    });
    const path = `/v1/users/${user.body.items[0]!.id}` as const;
    expect((await call(api, `PATCH ${path}`, { token: bob, body: { roleIds: [role.body.id] } })).status).toBe(200);
    await within(async () => (await refusal('GET /v1/roles', key, other))[0] === 403);
    expect((await call(other, 'GET /v1/users', { token: key })).status).toBe(200);
  });

  it('is void at once on all nodes when it is revoked, and stays in the list', async () => {
    const { key, id } = await keyOf(acme.owner, ['user.read']);
    for (const node of [api, other]) expect((await call(node, 'GET /v1/users', { token: key })).status).toBe(200);
    for (const _ of [1, 2]) {
      expect((await call(api, `DELETE /v1/api-keys/${id}`, { token: acme.owner })).status).toBe(204);
    }
    for (const node of [api, other]) {
      expect(await refusal('GET /v1/users', key, node)).toEqual([401, 'auth.api_key_refused']);
    }
    const { body } = await call<{ items: Key[] }>(api, 'GET /v1/api-keys', { token: acme.owner });
    expect(body.items).toMatchObject([{ id, revokedAt: expect.any(String) }]);
  });

  it.each([
    ['over', `update api_key set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'`],
    ['a disabled user’s', `update app_user set status = 'disabled'`],
  ])('that is %s opens nothing', async (_, sql) => {
    const { key } = await keyOf(acme.owner, ['user.read']);
    await stage.database.asSuperuser(
      `${sql} where tenant_id = (select tenant_id from api_key order by id desc limit 1)`,
    );
    expect(await refusal('GET /v1/users', key)).toEqual([401, 'auth.api_key_refused']);
  });

  it('tells when it was last used, to the minute, at no request’s expense', async () => {
    const { key, id } = await keyOf(acme.owner, ['user.read']);
    const lastUsed = async () =>
      (await call<Key>(api, `GET /v1/api-keys/${id}`, { token: acme.owner })).body.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await call(api, 'GET /v1/users', { token: key });
    await within(async () => (await lastUsed()) !== null);
    const first = await lastUsed();
    for (let request = 0; request < 5; request++) await call(other, 'GET /v1/users', { token: key });
    await sleep(200);
    expect(await lastUsed()).toBe(first);
  });
});

describe('keys', () => {
  it('are seen and revoked by whose they are, and by who manages keys', async () => {
    const bob = await acme.colleague('owner');
    const vic = await acme.colleague('viewer');
    const { id } = await keyOf(acme.owner, ['user.read']);
    const eve = (await company(api)).owner;
    for (const token of [vic, eve]) {
      expect(await refusal(`GET /v1/api-keys/${id}`, token)).toEqual([404, 'api_key.not_found']);
      expect(await refusal(`DELETE /v1/api-keys/${id}`, token)).toEqual([404, 'api_key.not_found']);
      const { body } = await call<{ items: Key[] }>(api, 'GET /v1/api-keys', { token });
      expect(body.items).toEqual([]);
    }
    const { body } = await call<{ items: Key[] }>(api, 'GET /v1/api-keys', { token: bob });
    expect(body.items.map((key) => key.id)).toEqual([id]);
    expect((await call(api, `DELETE /v1/api-keys/${id}`, { token: bob })).status).toBe(204);
  });

  it('are counted each by itself, and not with their user', async () => {
    const limited = await identityApi(stage, { API_RATE_LIMIT: '3' });
    try {
      const [one, two] = [await keyOf(acme.owner, ['user.read']), await keyOf(acme.owner, ['user.read'])];
      const ask = async (token: string) => (await call(limited, 'GET /v1/users', { token })).status;
      for (const token of [one.key, two.key, acme.owner]) {
        expect([await ask(token), await ask(token), await ask(token), await ask(token)]).toEqual([200, 200, 200, 429]);
      }
    } finally {
      await limited.stop();
    }
  });

  it('that were never made are refused without asking, and those that nobody knows only so often', async () => {
    const unknown = () => newApiKey(uuidv7()).key;
    expect(await refusal('GET /v1/users', 'qk_nonsense')).toEqual([401, 'auth.invalid_token']);
    expect(await refusal('GET /v1/users', unknown())).toEqual([401, 'auth.invalid_token']);
    const { key } = await keyOf(acme.owner, ['user.read']);
    const tenantOfKey = key.slice(3, 25);
    const answers = new Map<unknown, number>();
    const fresh = await identityApi(stage);
    const [{ id: tenantId } = { id: '' }] = await stage.database.asSuperuser<{ id: string }>(
      'select tenant_id as id from api_key order by id desc limit 1',
    );
    try {
      for (let tries = 0; tries < 310; tries++) {
        const [, code] = await refusal('GET /v1/users', newApiKey(tenantId).key, fresh);
        answers.set(code, (answers.get(code) ?? 0) + 1);
      }
    } finally {
      await fresh.stop();
    }
    expect(newApiKey(tenantId).key.slice(3, 25)).toBe(tenantOfKey);
    expect(Object.fromEntries(answers)).toEqual({ 'auth.api_key_refused': 300, 'api_key.too_many_unknown': 10 });
  });

  it.each([
    ['no permission', { permissions: [] }],
    ['a life too long', { expiresInDays: 366 }],
    ['no life', { expiresInDays: 0 }],
    ['a field nobody knows', { userId: uuidv7() }],
  ])('with %s are refused', async (_, wrong) => {
    expect((await create(acme.owner, ['user.read'], wrong)).status).toBe(400);
  });
});

/** A second is what a revocation may take. */
async function within(holds: () => Promise<boolean>): Promise<void> {
  const begun = Date.now();
  while (!(await holds())) {
    if (Date.now() - begun > 1_000) throw new Error('it took longer than a second');
    await sleep(25);
  }
}
