import { SessionCookies } from '#libs/auth';
import type { TestServer } from '#libs/http/testing';
import { call, type Company, company, identityApi, IdentityStage, PASSWORD } from '../../testing/index.js';

interface Browser {
  /** As it would send them: `name=value; name=value`. */
  readonly cookie: string;
  readonly csrf: string;
}

const PAGE = 'https://app.acme.example';
const COOKIES = { SESSION_COOKIE: 'true', CORS_ORIGINS: PAGE };

let stage: IdentityStage;
let api: TestServer;
let without: TestServer;
let acme: Company;

beforeAll(async () => {
  stage = await IdentityStage.open();
  api = await identityApi(stage, COOKIES);
  without = await identityApi(stage);
  acme = await company(api);
});

afterAll(async () => {
  await api.stop();
  await without.stop();
  await stage.close();
});

function signIn(headers: Record<string, string> = {}, server = api) {
  return call<{ csrfToken: string; expiresIn: number; code?: string }>(server, 'POST /v1/auth/tokens', {
    body: { email: 'ada@acme.example', password: PASSWORD },
    headers: { 'x-tenant': acme.slug, 'x-session': 'cookie', ...headers },
  });
}

function cookiesOf(headers: NodeJS.Dict<string | string[]>): string[] {
  return [headers['set-cookie'] ?? []].flat();
}

async function browser(server = api): Promise<Browser> {
  const { headers, body } = await signIn({}, server);
  const cookie = cookiesOf(headers).map((each) => each.split(';', 1)[0]);
  return { cookie: cookie.join('; '), csrf: body.csrfToken };
}

async function openSessions(): Promise<number> {
  const [row] = await stage.database.asSuperuser<{ count: number }>('select count(*)::integer from session');
  return row?.count ?? 0;
}

it('has the attributes that keep it from scripts, other sites and the clear; its CSRF token is for the page', async () => {
  const { status, headers, body } = await signIn();
  expect(status).toBe(200);
  const [session = '', csrf = ''] = cookiesOf(headers);
  expect(session).toMatch(/^__Host-quoin_session=[\w.-]+; Path=\/; Max-Age=7200; HttpOnly; Secure; SameSite=Lax$/);
  expect(csrf).toMatch(/^__Host-quoin_csrf=[\w-]{43}; Path=\/; Max-Age=7200; Secure; SameSite=Lax$/);
  expect(body).toEqual({ csrfToken: csrf.split(/[=;]/)[1], expiresIn: 7_200 });
  expect(headers['cache-control']).toBe('no-store');
});

it('opens its session, and names the tenant', async () => {
  const { cookie } = await browser();
  const me = await call(api, 'GET /v1/auth/me', { headers: { cookie } });
  expect(me.body).toMatchObject({ email: 'ada@acme.example', tenant: { slug: acme.slug } });
  expect(cookiesOf(me.headers)).toEqual([]);
});

describe('what changes anything', () => {
  const other = 'https://evil.example';

  it.each<[string, (csrf: string) => Record<string, string>]>([
    ['without the CSRF token', () => ({})],
    ['with another one', () => ({ 'x-csrf-token': 'A'.repeat(43) })],
    ['with the token in the cookie alone', () => ({ 'x-csrf-token': '' })],
    ['from another site', (csrf) => ({ 'x-csrf-token': csrf, origin: other })],
    ['from nowhere that is told', (csrf) => ({ 'x-csrf-token': csrf, origin: 'null' })],
    ['from another site that names no origin', (csrf) => ({ 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' })],
  ])('%s is refused', async (_, headersWith) => {
    const { cookie, csrf } = await browser();
    const headers = { cookie, ...headersWith(csrf) };
    const { status, body } = await call(api, 'DELETE /v1/auth/tokens/current', { headers });
    expect([status, body['code']]).toEqual([403, 'auth.csrf_refused']);
    expect((await call(api, 'GET /v1/auth/me', { headers: { cookie } })).status).toBe(200);
  });

  it('with the token of another session is refused', async () => {
    const [mine, others] = [await browser(), await browser()];
    const headers = { cookie: mine.cookie, 'x-csrf-token': others.csrf };
    expect((await call(api, 'DELETE /v1/auth/tokens/current', { headers })).status).toBe(403);
  });

  it.each([
    ['this api itself', () => api.url],
    ['a page that may call it', () => PAGE],
    ['no browser', () => undefined],
  ])('from %s, with the token, is done', async (_, origin) => {
    const { cookie, csrf } = await browser();
    const from = origin();
    const headers = { cookie, 'x-csrf-token': csrf, ...(from !== undefined && { origin: from }) };
    const ended = await call(api, 'DELETE /v1/auth/tokens/current', { headers });
    expect(ended.status).toBe(204);
    expect(cookiesOf(ended.headers).map((each) => /Max-Age=0/.test(each))).toEqual([true, true]);
    expect((await call(api, 'GET /v1/auth/me', { headers: { cookie } })).status).toBe(401);
  });

  it('by a token needs none of that', async () => {
    const { cookie } = await browser();
    const headers = { cookie, origin: other };
    expect((await call(api, 'DELETE /v1/auth/sessions', { token: acme.owner, headers })).status).toBe(204);
  });
});

it('is given to no page of another site, and leaves no session behind', async () => {
  const before = await openSessions();
  const { status, body } = await signIn({ origin: 'https://evil.example' });
  expect([status, body.code]).toEqual([403, 'auth.csrf_refused']);
  expect(await openSessions()).toBe(before);
});

it('passes for no access token, nor one for it', async () => {
  const { cookie } = await browser();
  const value = /quoin_session=([^;]+)/.exec(cookie)?.[1] ?? '';
  const asToken = await call(api, 'GET /v1/auth/me', { token: value });
  expect([asToken.status, asToken.body['code']]).toEqual([401, 'auth.invalid_token']);
  const tokens = await call<{ accessToken: string }>(api, 'POST /v1/auth/tokens', {
    body: { email: 'ada@acme.example', password: PASSWORD },
    headers: { 'x-tenant': acme.slug },
  });
  const headers = { cookie: `__Host-quoin_session=${tokens.body.accessToken}` };
  expect((await call(api, 'GET /v1/auth/me', { headers })).status).toBe(401);
});

it('is renewed while it is used, with the same CSRF token', async () => {
  const short = await identityApi(stage, { ...COOKIES, SESSION_LIFETIME_MIN: '1' });
  try {
    const { cookie } = await browser(short);
    const later = Date.now() + 20_000;
    const realNow = Date.now;
    Date.now = () => later;
    const me = await call(short, 'GET /v1/auth/me', { headers: { cookie } });
    Date.now = realNow;
    const [session = '', csrf = ''] = cookiesOf(me.headers);
    expect(session).toMatch(/^__Host-quoin_session=[\w.-]+; Path=\/; Max-Age=60; HttpOnly; Secure; SameSite=Lax$/);
    expect(cookie).toContain(csrf.split(';', 1)[0]);
    expect(cookie).not.toContain(session.split(';', 1)[0]);
  } finally {
    await short.stop();
  }
});

it('lets pages of the allowed origins use it, and no others', async () => {
  const preflight = await call(api, 'GET /v1/auth/me', { headers: { origin: PAGE } });
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': PAGE,
    'access-control-allow-credentials': 'true',
  });
  const evil = await call(api, 'GET /v1/auth/me', { headers: { origin: 'https://evil.example' } });
  expect(evil.headers['access-control-allow-origin']).not.toBe('https://evil.example');
});

describe('where it is off, as it is by default,', () => {
  it('is given to nobody', async () => {
    const { status, body, headers } = await signIn({}, without);
    expect([status, body.code]).toEqual([400, 'auth.cookies_off']);
    expect(cookiesOf(headers)).toEqual([]);
  });

  it('opens nothing', async () => {
    const { cookie } = await browser();
    const { status, body } = await call(without, 'GET /v1/auth/me', { headers: { cookie } });
    expect([status, body['code']]).toEqual([401, 'auth.required']);
  });
});

it('mutation: a guard that asks for no page of ours lets another site sign people out', async () => {
  const careless = await identityApi(stage, COOKIES);
  try {
    careless.app.get(SessionCookies, { strict: false }).requireOurPage = () => undefined;
    const { cookie } = await browser();
    const headers = { cookie, origin: 'https://evil.example' };
    expect((await call(careless, 'DELETE /v1/auth/tokens/current', { headers })).status).toBe(204);
  } finally {
    await careless.stop();
  }
});
