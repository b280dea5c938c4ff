import type { TestServer } from '#libs/http/testing';
import { newTenant } from '#erp/tenants/testing';
import { call, type Answer, identityApi, IdentityStage, PASSWORD } from '../testing/index.js';
import { CLIENT_ID, CLIENT_SECRET, newSigningKey, OidcServer, type Tampering } from './testing/oidc-server.js';

let stage: IdentityStage;
let api: TestServer;
let oidc: OidcServer;
let slug: string;
let owner: string;

beforeAll(async () => {
  stage = await IdentityStage.open({
    EGRESS_PRIVATE_NETWORKS: '127.0.0.0/8',
    WEB_URL: 'https://app.quoin.test/{tenant}',
  });
  api = await identityApi(stage);
  oidc = await OidcServer.start();
});

afterAll(async () => {
  await oidc?.stop();
  await api?.stop();
  await stage?.close();
});

beforeEach(async () => {
  const request = newTenant();
  slug = request.slug;
  await call(api, 'POST /v1/tenants', { body: request });
  const tokens = await post('tokens', { email: 'ada@acme.example', password: PASSWORD });
  owner = String(tokens.body['accessToken']);
  oidc.account = { sub: 'ada', email: 'ada@acme.example', email_verified: true, name: 'Ada Lovelace' };
  oidc.tampering = undefined;
  await oidc.use(await newSigningKey('first'), [callback()]);
});

type Body = Record<string, unknown>;

const callback = (): string => `https://app.quoin.test/${slug}/sign-in/callback`;

const post = (path: string, body: unknown, token?: string): Promise<Answer<Body>> =>
  call<Body>(api, `POST /v1/auth/${path}`, { body, token, headers: { 'x-tenant': slug } });

const DEFINITION = {
  slug: 'their-login',
  name: 'Their login',
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  linkByEmail: true,
  trustsSecondFactor: false,
  defaultRoleId: null,
  enabled: true,
};

async function provider(overrides: Body = {}): Promise<Body> {
  const body = { ...DEFINITION, issuer: oidc.issuer, ...overrides };
  const answer = await call<Body>(api, 'POST /v1/identity-providers', { token: owner, body });
  expect([answer.status, answer.body['code']]).toEqual([201, undefined]);
  return answer.body;
}

interface Begun {
  readonly url: string;
  readonly ticket: string;
}

async function begin(): Promise<Begun> {
  const { status, body } = await post('oidc-authorizations', { provider: DEFINITION.slug });
  expect([status, body['code']]).toEqual([200, undefined]);
  return body as unknown as Begun;
}

const finish = (ticket: string, response: string): Promise<Answer<Body>> => post('tokens/oidc', { ticket, response });

/** The whole way of somebody who signs in. */
async function signIn(): Promise<Answer<Body>> {
  const { url, ticket } = await begin();
  return finish(ticket, await oidc.visit(url));
}

const codeOf = ({ status, body }: Answer<Body>): unknown[] => [status, body['code']];

const me = async (answer: Answer<Body>): Promise<Body> =>
  (await call<Body>(api, 'GET /v1/auth/me', { token: String(answer.body['accessToken']) })).body;

const rows = <R>(sql: string): Promise<R[]> =>
  stage.database.asSuperuser<R>(sql.replace('$tenant', '(select distinct tenant_id from role where id = $1)'), [
    ownerRoleId,
  ]);

let ownerRoleId = '';
let viewerRoleId = '';

beforeEach(async () => {
  const { body } = await call<{ items: { id: string; name: string }[] }>(api, 'GET /v1/roles', { token: owner });
  const idOf = (name: string): string => body.items.find((role) => role.name === name)?.id ?? '';
  [ownerRoleId, viewerRoleId] = [idOf('owner'), idOf('viewer')];
});

const verifyOwner = (): Promise<unknown> =>
  rows('update app_user set verified_email_key = email_key where tenant_id = $tenant');

describe('signing in by an identity provider', () => {
  it('lets the user in who has the same address, verified there and here, and knows them ever after', async () => {
    await provider();
    await verifyOwner();
    expect(await me(await signIn())).toMatchObject({ email: 'ada@acme.example', name: 'Ada Owner' });
    oidc.account = { sub: 'ada', email: 'other@elsewhere.example', email_verified: false };
    expect(await me(await signIn())).toMatchObject({ email: 'ada@acme.example' });
    expect(await rows('select amr from session where tenant_id = $tenant and amr = array[$$fed$$]')).toHaveLength(2);
  });

  it.each([
    ['the provider has not verified the address', { email_verified: false }, true, {}],
    ['the provider tells no address', { email: undefined, email_verified: undefined }, true, {}],
    ['the address was not verified here', {}, false, {}],
    ['the provider may not link by address', {}, true, { linkByEmail: false }],
    ['nobody has the address and nobody is added', { email: 'new@acme.example' }, true, {}],
  ])('lets nobody in when %s', async (_, account, verifiedHere, definition) => {
    await provider(definition);
    if (verifiedHere) await verifyOwner();
    oidc.account = { ...oidc.account, ...account };
    expect(codeOf(await signIn())).toEqual([403, 'auth.oidc_not_linked']);
  });

  it('adds who is unknown with the provider’s role where it may, once of two who come at once', async () => {
    await provider({ defaultRoleId: viewerRoleId });
    oidc.account = { sub: 'bob', email: 'bob@acme.example', email_verified: true, name: 'Bob' };
    const answers = await Promise.all([signIn(), signIn()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [one, other] = await Promise.all(answers.map(me));
    expect(one).toMatchObject({ email: 'bob@acme.example', name: 'Bob' });
    expect(other?.['id']).toBe(one?.['id']);
    expect(one?.['permissions']).not.toContain('tenant.manage');
    const password = await post('tokens', { email: 'bob@acme.example', password: PASSWORD });
    expect(codeOf(password)).toEqual([401, 'auth.credentials_refused']);
  });

  it('lets no disabled user in', async () => {
    await provider({ defaultRoleId: viewerRoleId });
    oidc.account = { sub: 'bob', email: 'bob@acme.example', email_verified: true, name: 'Bob' };
    const { id } = await me(await signIn());
    await call(api, `PATCH /v1/users/${String(id)}`, { token: owner, body: { status: 'disabled' } });
    expect(codeOf(await signIn())).toEqual([401, 'auth.credentials_refused']);
  });

  it('goes on with the provider’s new keys', async () => {
    await provider();
    await verifyOwner();
    expect((await signIn()).status).toBe(200);
    await oidc.use(await newSigningKey('second'), [callback()]);
    expect((await signIn()).status).toBe(200);
  });
});

describe('what comes back', () => {
  beforeEach(async () => {
    await provider();
    await verifyOwner();
  });

  const REFUSED = [401, 'auth.oidc_refused'];

  it('is good once: the ticket is used up, also by a failure', async () => {
    const { url, ticket } = await begin();
    const response = await oidc.visit(url);
    const answers = await Promise.all([finish(ticket, response), finish(ticket, response)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    const again = await begin();
    expect(codeOf(await finish(again.ticket, 'error=access_denied'))).toEqual(REFUSED);
    const late = await finish(again.ticket, await oidc.visit(again.url));
    expect(codeOf(late)).toEqual([401, 'auth.oidc_authorization_unknown']);
  });

  it('is refused without the ticket of the browser that began', async () => {
    const { url } = await begin();
    const other = await begin();
    expect(codeOf(await finish('A'.repeat(43), await oidc.visit(url)))).toEqual([
      401,
      'auth.oidc_authorization_unknown',
    ]);
    // Another browser's ticket has another state, nonce and verifier.
    expect(codeOf(await finish(other.ticket, await oidc.visit(url)))).toEqual(REFUSED);
  });

  it('is refused ten minutes after it began', async () => {
    const { url, ticket } = await begin();
    await rows('update oidc_authorization set expires_at = now() where tenant_id = $tenant');
    const late = await finish(ticket, await oidc.visit(url));
    expect(codeOf(late)).toEqual([401, 'auth.oidc_authorization_unknown']);
  });

  const changed = (query: string, name: string, value: string): string => {
    const parameters = new URLSearchParams(query);
    parameters.set(name, value);
    return parameters.toString();
  };

  it.each([
    ['another state', 'state', 'another'],
    ['another issuer (RFC 9207)', 'iss', 'https://elsewhere.example'],
    ['a code that is none', 'code', 'none'],
  ])('is refused with %s', async (_, name, value) => {
    const { url, ticket } = await begin();
    expect(codeOf(await finish(ticket, changed(await oidc.visit(url), name, value)))).toEqual(REFUSED);
  });

  it.each([
    ['nonce', 'another nonce that is long enough'],
    ['code_challenge', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('is refused when the browser was sent with another %s', async (name, value) => {
    const { url, ticket } = await begin();
    const sent = new URL(url);
    expect(sent.searchParams.get(name)).toBeTruthy();
    sent.searchParams.set(name, value);
    expect(codeOf(await finish(ticket, await oidc.visit(sent.href)))).toEqual(REFUSED);
  });

  it('is refused with a code that was redeemed before', async () => {
    const first = await begin();
    const response = await oidc.visit(first.url);
    expect((await finish(first.ticket, response)).status).toBe(200);
    const second = await begin();
    const code = new URLSearchParams(response).get('code') ?? '';
    const replayed = changed(await oidc.visit(second.url), 'code', code);
    expect(codeOf(await finish(second.ticket, replayed))).toEqual(REFUSED);
  });

  const nowS = Math.floor(Date.now() / 1_000);

  it.each<[string, Tampering]>([
    ['for another client', (payload) => ({ payload: { ...payload, aud: 'another-client' } })],
    ['for several clients, by none of them', (payload) => ({ payload: { ...payload, aud: [CLIENT_ID, 'another'] } })],
    ['of another issuer', (payload) => ({ payload: { ...payload, iss: 'https://elsewhere.example' } })],
    ['that has expired', (payload) => ({ payload: { ...payload, iat: nowS - 700, exp: nowS - 600 } })],
    ['with another nonce', (payload) => ({ payload: { ...payload, nonce: 'another' } })],
    ['without a nonce', ({ nonce: _nonce, ...payload }) => ({ payload })],
  ])('is refused with a token %s', async (_, tampering) => {
    oidc.tampering = tampering;
    expect(codeOf(await signIn())).toEqual(REFUSED);
  });

  it('is refused with a token that somebody else has signed under the same key id', async () => {
    const key = await newSigningKey('first');
    oidc.tampering = () => ({ key });
    expect(codeOf(await signIn())).toEqual(REFUSED);
    // Tampered with in no way, the same token is taken: it is the signature that was refused.
    oidc.tampering = (payload) => ({ payload });
    expect((await signIn()).status).toBe(200);
  });
});

describe('a second factor', () => {
  const activate = (): Promise<unknown> =>
    rows(`insert into second_factor (tenant_id, id, user_id, secret, confirmed_at)
      select tenant_id, gen_random_uuid(), id, 'v1.a.b.c', now() from app_user where tenant_id = $tenant`);

  it('is asked for, unless the provider is trusted with it', async () => {
    const { id } = await provider();
    await verifyOwner();
    await activate();
    expect(codeOf(await signIn())).toEqual([401, 'auth.second_factor_required']);
    const body = { ...DEFINITION, issuer: oidc.issuer, trustsSecondFactor: true };
    const changed = await call(api, `PUT /v1/identity-providers/${String(id)}`, { token: owner, body });
    expect([changed.status, changed.body['version']]).toEqual([200, 2]);
    expect((await signIn()).status).toBe(200);
  });
});

describe('linking', () => {
  const link = async (token: string): Promise<Answer<Body>> => {
    const begun = await post('linked-identities/authorizations', { provider: DEFINITION.slug }, token);
    const { url, ticket } = begun.body as unknown as Begun;
    return post('linked-identities', { ticket, response: await oidc.visit(url) }, token);
  };

  it('is for whoever is signed in, whatever the address; one identity is one user', async () => {
    await provider({ linkByEmail: false });
    oidc.account = { sub: 'ada-elsewhere', email: 'private@elsewhere.example', email_verified: true };
    const linked = await link(owner);
    expect([linked.status, linked.body['subject']]).toEqual([201, 'ada-elsewhere']);
    expect(codeOf(await link(owner))).toEqual([409, 'linked_identity.taken']);
    expect(await me(await signIn())).toMatchObject({ email: 'ada@acme.example' });
    const own = await call<{ items: Body[] }>(api, 'GET /v1/auth/linked-identities', { token: owner });
    expect(own.body.items).toEqual([linked.body]);
    const path = `/v1/auth/linked-identities/${String(linked.body['id'])}` as const;
    expect((await call(api, `DELETE ${path}`, { token: owner })).status).toBe(204);
    expect(codeOf(await signIn())).toEqual([403, 'auth.oidc_not_linked']);
    expect((await call(api, `DELETE ${path}`, { token: owner })).body['code']).toBe('linked_identity.not_found');
  });

  it('and signing in do not take each other’s tickets', async () => {
    await provider();
    await verifyOwner();
    const signingIn = await begin();
    const response = await oidc.visit(signingIn.url);
    const taken = await post('linked-identities', { ticket: signingIn.ticket, response }, owner);
    expect(codeOf(taken)).toEqual([401, 'auth.oidc_authorization_unknown']);
    const linking = await post('linked-identities/authorizations', { provider: DEFINITION.slug }, owner);
    const { url, ticket } = linking.body as unknown as Begun;
    expect(codeOf(await finish(ticket, await oidc.visit(url)))).toEqual([401, 'auth.oidc_authorization_unknown']);
  });
});
