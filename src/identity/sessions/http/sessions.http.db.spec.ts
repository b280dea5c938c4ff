import type { TestServer } from '#libs/http/testing';
import { uuidv7 } from '#libs/kernel';
import { call, type Company, company, identityApi, IdentityStage, signedIn } from '../../testing/index.js';

interface SessionItem {
  id: string;
  device: string | null;
  ip: string | null;
  isCurrent: boolean;
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';

let stage: IdentityStage;
let api: TestServer;
let acme: Company;

beforeAll(async () => {
  stage = await IdentityStage.open();
  api = await identityApi(stage);
});

afterAll(async () => {
  await api.stop();
  await stage.close();
});

beforeEach(async () => {
  acme = await company(api);
});

async function listed(token: string): Promise<SessionItem[]> {
  const { status, body } = await call<{ items: SessionItem[] }>(api, 'GET /v1/auth/sessions', { token });
  expect(status).toBe(200);
  return body.items;
}

const isAlive = async (token: string): Promise<boolean> =>
  (await call(api, 'GET /v1/auth/me', { token })).status === 200;

it('shows where one is signed in, the newest first, and which of them asks', async () => {
  const first = await signedIn(api, acme.slug, { headers: { 'user-agent': FIREFOX } });
  const second = await signedIn(api, acme.slug, { headers: { 'user-agent': 'curl/8.5.0' } });
  const [newest, older, ...others] = await listed(first);
  expect(others.every(({ isCurrent }) => !isCurrent)).toBe(true);
  expect([newest, older].map((session) => [session?.device, session?.ip, session?.isCurrent])).toEqual([
    ['curl', '127.0.0.1', false],
    ['Firefox on Linux', '127.0.0.1', true],
  ]);
  expect(newest).toEqual({
    id: expect.any(String),
    device: 'curl',
    userAgent: 'curl/8.5.0',
    ip: '127.0.0.1',
    amr: ['pwd'],
    createdAt: expect.any(String),
    lastSeenAt: expect.any(String),
    expiresAt: expect.any(String),
    isCurrent: false,
  });
  expect((await listed(second)).findIndex(({ isCurrent }) => isCurrent)).toBe(0);
});

it('shows none that is over, idle for too long, or ended', async () => {
  const token = acme.owner;
  for (const change of [
    `expires_at = now() - interval '1 second'`,
    `last_seen_at = now() - interval '121 minutes'`,
    `revoked_at = now(), revoked_reason = 'signed_out'`,
  ]) {
    await signedIn(api, acme.slug);
    const newest = 'select id from session order by id desc limit 1';
    await stage.database.asSuperuser(`update session set ${change} where id = (${newest})`);
  }
  expect(await listed(token)).toHaveLength(1);
});

it('ends one, at once, and the others go on', async () => {
  const [mine, lost, other] = await Promise.all([1, 2, 3].map(() => signedIn(api, acme.slug)));
  const lostOne = (await listed(lost!)).find((session) => session.isCurrent)!;
  expect((await call(api, `DELETE /v1/auth/sessions/${lostOne.id}`, { token: mine! })).status).toBe(204);
  expect(await Promise.all([mine!, lost!, other!].map(isAlive))).toEqual([true, false, true]);
  expect((await call(api, `DELETE /v1/auth/sessions/${lostOne.id}`, { token: mine! })).status).toBe(204);
});

it('ends all but the one that asks', async () => {
  const [mine, ...others] = await Promise.all([1, 2, 3].map(() => signedIn(api, acme.slug)));
  expect((await call(api, 'DELETE /v1/auth/sessions', { token: mine! })).status).toBe(204);
  expect(await isAlive(mine!)).toBe(true);
  expect(await Promise.all(others.map(isAlive))).toEqual([false, false]);
  expect(await listed(mine!)).toHaveLength(1);
});

it('neither shows nor ends those of somebody else, of this tenant or another', async () => {
  const ada = await signedIn(api, acme.slug);
  const [adas] = await listed(ada);
  const vic = await acme.colleague('viewer');
  const eve = await signedIn(api, (await company(api)).slug);
  for (const token of [vic, eve]) {
    expect((await listed(token)).map(({ id }) => id)).not.toContain(adas!.id);
    const { status, body } = await call(api, `DELETE /v1/auth/sessions/${adas!.id}`, { token });
    expect([status, body['code']]).toEqual([404, 'session.not_found']);
    const unknown = await call(api, `DELETE /v1/auth/sessions/${uuidv7()}`, { token });
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'session.not_found']);
  }
  expect((await call(api, 'DELETE /v1/auth/sessions', { token: vic })).status).toBe(204);
  expect(await isAlive(ada)).toBe(true);
});

it('ends a session once, however many end it at the same time', async () => {
  const [mine, lost] = [await signedIn(api, acme.slug), await signedIn(api, acme.slug)];
  const { id } = (await listed(lost)).find((session) => session.isCurrent)!;
  const answers = await Promise.all([
    ...[1, 2, 3, 4].map(() => call(api, `DELETE /v1/auth/sessions/${id}`, { token: mine })),
    call(api, 'DELETE /v1/auth/sessions', { token: mine }),
    call(api, 'DELETE /v1/auth/tokens/current', { token: lost }),
  ]);
  expect(answers.filter(({ status }) => status !== 204 && status !== 401)).toEqual([]);
  const ended = await stage.database.asSuperuser<{ count: number }>(
    'select count(*)::integer from session where id = $1 and revoked_at is not null',
    [id],
  );
  expect(ended).toEqual([{ count: 1 }]);
  expect(await isAlive(lost)).toBe(false);
});

it.each([
  'GET /v1/auth/sessions?limit=0',
  'GET /v1/auth/sessions?cursor=nonsense!',
  'DELETE /v1/auth/sessions/7',
] as const)('answers %s with 400', async (route) => {
  expect((await call(api, route, { token: await signedIn(api, acme.slug) })).status).toBe(400);
});
