import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newTenant } from '#erp/tenants/testing';
import type { TestServer } from '#libs/http/testing';
import { type Answer, call, identityApi, IdentityStage, PASSWORD } from '../testing/index.js';
import { CLIENT_ID, CLIENT_SECRET, newSigningKey, OidcServer } from '../oidc/testing/oidc-server.js';

type Body = Record<string, unknown>;

let stage: IdentityStage;
/** Lets requests go to this machine, like one in development. */
let local: TestServer;
/** Lets no request go to private addresses, like one in production. */
let strict: TestServer;
let oidc: OidcServer;
let company: string;
let owner: string;

beforeAll(async () => {
  stage = await IdentityStage.open({ ENCRYPTION_KEYS: `first:${'A'.repeat(43)}` });
  local = await identityApi(stage, { EGRESS_PRIVATE_NETWORKS: '127.0.0.0/8,::1' });
  strict = await identityApi(stage);
  oidc = await OidcServer.start();
});

afterAll(async () => {
  await oidc?.stop();
  await strict?.stop();
  await local?.stop();
  await stage?.close();
});

beforeEach(async () => {
  const request = newTenant();
  company = request.slug;
  await call(local, 'POST /v1/tenants', { body: request });
  owner = await tokenOf('ada@acme.example');
  await oidc.use(await newSigningKey('key'), [`http://${company}.quoin.localhost:5173/sign-in/callback`]);
});

async function tokenOf(email: string): Promise<string> {
  const body = { email, password: PASSWORD };
  const answer = await call<Body>(local, 'POST /v1/auth/tokens', { body, headers: { 'x-tenant': company } });
  return String(answer.body['accessToken']);
}

const definition = (overrides: Body = {}): Body => ({
  slug: 'their-login',
  name: 'Their login',
  issuer: oidc.issuer,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  linkByEmail: true,
  trustsSecondFactor: false,
  defaultRoleId: null,
  enabled: true,
  ...overrides,
});

const add = (body: Body, { server = local, token = owner } = {}): Promise<Answer<Body>> =>
  call<Body>(server, 'POST /v1/identity-providers', { token, body });

const begin = (server = local): Promise<Answer<Body>> =>
  call<Body>(server, 'POST /v1/auth/oidc-authorizations', {
    body: { provider: 'their-login' },
    headers: { 'x-tenant': company },
  });

const codeOf = ({ status, body }: Answer<Body>): unknown[] => [status, body['code']];

describe('an identity provider', () => {
  it('is added, shown without its secret, replaced and removed', async () => {
    const added = await add(definition());
    const path = `/v1/identity-providers/${String(added.body['id'])}` as const;
    expect([added.status, added.headers.location, added.headers.etag]).toEqual([201, path, '"1"']);
    expect(added.body).toMatchObject({ hasClientSecret: true, issuer: oidc.issuer, version: 1 });
    expect(JSON.stringify(added.body)).not.toContain(CLIENT_SECRET);
    const { clientSecret: _, ...kept } = definition({ name: 'Another name' });
    const stale = await call<Body>(local, `PUT ${path}`, { token: owner, body: kept, headers: { 'if-match': '"7"' } });
    expect(codeOf(stale)).toEqual([412, 'precondition.failed']);
    const replaced = await call<Body>(local, `PUT ${path}`, { token: owner, body: kept });
    expect(replaced.body).toMatchObject({ name: 'Another name', hasClientSecret: true, version: 2 });
    const bare = await call<Body>(local, `PUT ${path}`, { token: owner, body: { ...kept, clientSecret: null } });
    expect(bare.body).toMatchObject({ hasClientSecret: false, version: 3 });
    const list = await call<{ items: Body[] }>(local, 'GET /v1/identity-providers', { token: owner });
    expect(list.body.items).toEqual([bare.body]);
    expect((await call(local, `DELETE ${path}`, { token: owner })).status).toBe(204);
    expect(codeOf(await call<Body>(local, `GET ${path}`, { token: owner }))).toEqual([
      404,
      'identity_provider.not_found',
    ]);
  });

  it('keeps its secret sealed, for its row alone', async () => {
    const { body } = await add(definition());
    const [row] = await stage.database.asSuperuser<{ client_secret: string }>(
      'select client_secret from identity_provider where id = $1',
      [body['id']],
    );
    expect(row?.client_secret).toMatch(/^v1\.first\./);
    expect(row?.client_secret).not.toContain(CLIENT_SECRET);
    expect((await begin()).status).toBe(200);
    const other = await add(definition({ slug: 'other' }));
    await stage.database.asSuperuser(
      'update identity_provider set client_secret = (select client_secret from identity_provider where id = $2) where id = $1',
      [body['id'], other.body['id']],
    );
    expect((await begin()).status).toBe(500);
  });

  it('is for those alone who have all permissions: whoever says who is who can be anybody', async () => {
    const role = { name: 'settings', permissions: ['identity_provider.read', 'identity_provider.write'] };
    const made = await call<Body>(local, 'POST /v1/roles', { token: owner, body: role });
    const user = { email: 'sam@acme.example', name: 'Sam', password: PASSWORD, roleIds: [made.body['id']] };
    await call(local, 'POST /v1/users', { token: owner, body: user });
    const token = await tokenOf('sam@acme.example');
    expect(codeOf(await add(definition(), { token }))).toEqual([403, 'permission.escalation']);
    const { body } = await add(definition());
    const path = `/v1/identity-providers/${String(body['id'])}` as const;
    for (const method of ['PUT', 'DELETE'] as const) {
      const answer = await call<Body>(local, `${method} ${path}`, {
        token,
        ...(method === 'PUT' && { body: definition() }),
      });
      expect(codeOf(answer)).toEqual([403, 'permission.escalation']);
    }
    expect((await call(local, 'GET /v1/identity-providers', { token })).status).toBe(200);
  });

  it('has a slug of its own, and a role that is there', async () => {
    await add(definition());
    expect(codeOf(await add(definition()))).toEqual([409, 'identity_provider.slug_taken']);
    const roleId = '01a1fe66-c67d-740e-8d56-5743b69651c1';
    expect(codeOf(await add(definition({ slug: 'b', defaultRoleId: roleId })))).toEqual([404, 'role.not_found']);
  });

  it('is offered and used only while it is enabled', async () => {
    await add(definition({ enabled: false }));
    const choices = (): Promise<Answer<Body>> =>
      call<Body>(local, 'GET /v1/auth/identity-providers', { headers: { 'x-tenant': company } });
    expect((await choices()).body).toEqual({ items: [] });
    expect(codeOf(await begin())).toEqual([404, 'identity_provider.not_found']);
    await add(definition({ slug: 'shown' }));
    expect((await choices()).body).toEqual({ items: [{ slug: 'shown', name: 'Their login' }] });
  });
});

describe('an issuer', () => {
  it.each([
    'https://127.0.0.1',
    'https://[::1]',
    'https://10.0.0.8/realms/acme',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]',
    'https://2130706433',
    'https://user:secret@accounts.example.com',
    'https://accounts.example.com/?a=b',
    'https://accounts.example.com/.well-known/openid-configuration',
  ])('is refused when it is %s', async (issuer) => {
    expect(codeOf(await add(definition({ issuer }), { server: strict }))).toEqual([422, 'egress.address_refused']);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'no address', ''])('is no issuer: %s', async (issuer) => {
    expect((await add(definition({ issuer }), { server: strict })).status).toBe(400);
  });

  describe('whose name leads into our own network', () => {
    let inside: Server;
    let connections = 0;

    beforeAll(async () => {
      inside = createServer((_request, response) => response.end('{}')).listen(0);
      inside.on('connection', () => (connections += 1));
      await once(inside, 'listening');
    });

    afterAll(() => void inside.close());

    it('is not asked: nothing connects to it, and nothing is told of it', async () => {
      const { port } = inside.address() as AddressInfo;
      await add(definition({ issuer: `https://localhost:${port}` }), { server: strict });
      const answer = await begin(strict);
      expect(codeOf(answer)).toEqual([503, 'identity_provider.unavailable']);
      expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|::1|ECONN|refused/);
      expect(connections).toBe(0);
      // The same name is asked where it may be.
      await begin(local);
      expect(connections).toBeGreaterThan(0);
    });
  });
});

describe('a provider that cannot be used', () => {
  it('is away: 503, and its name is not told', async () => {
    await add(definition({ issuer: 'http://127.0.0.1:1' }));
    const answer = await begin();
    expect([...codeOf(answer), answer.headers['retry-after']]).toEqual([503, 'identity_provider.unavailable', '2']);
  });

  it('calls itself something else than was configured', async () => {
    await add(definition({ issuer: oidc.issuer.replace('127.0.0.1', 'localhost') }));
    expect(codeOf(await begin())).toEqual([503, 'identity_provider.unavailable']);
  });

  it('does not know our client’s secret', async () => {
    await add(definition({ clientSecret: 'an old one' }));
    const { url, ticket } = (await begin()).body as { url: string; ticket: string };
    const response = await oidc.visit(url);
    const body = { ticket, response };
    const answer = await call<Body>(local, 'POST /v1/auth/tokens/oidc', { body, headers: { 'x-tenant': company } });
    expect(codeOf(answer)).toEqual([503, 'identity_provider.unavailable']);
  });
});
