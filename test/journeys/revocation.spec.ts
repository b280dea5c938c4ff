import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../support/program.js';
import { RunningSystem } from '../support/running-system.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { type Id, type PageOf, Trader } from '../support/trader.js';

/** Guarantee 16: a revocation holds on every node within a second, and there is no later success. */
const WITHIN_MS = 1_000;
/** Long enough for whatever is remembered to be looked at again. */
const AFTERWARDS_MS = 1_500;

const PASSWORD = 'correct horse battery staple';

let system: RunningSystem;
let here: Program;
/** Reaches its Redis by a line that is cut. */
let apart: Program;
let toRedis: TcpProxy;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 1, workers: 0 });
  here = system.apis[0]!;
  const environment = system.environment();
  const redis = new URL(String(environment['REDIS_SESSION_URL']));
  toRedis = await TcpProxy.to(Number(redis.port));
  redis.port = String(toRedis.port);
  apart = await Program.start('api', { ...environment, REDIS_SESSION_URL: redis.href }, 'api apart');
});

afterAll(async () => {
  await apart?.end('SIGTERM');
  await toRedis?.close();
  await system?.stop();
});

afterEach(() => toRedis.become('open'));

/** Somebody who may read roles, by one role that the owner can change. */
interface Clerk {
  readonly id: string;
  readonly token: string;
  readonly roleId: string;
}

async function clerkOf(owner: Trader): Promise<Clerk> {
  const role = await owner.post<Id>('/v1/roles', { name: 'clerk', permissions: ['role.read', 'api_key.write'] });
  const email = `clerk@${owner.slug}.example`;
  const user = await owner.post<Id>('/v1/users', { email, name: 'Clerk', password: PASSWORD, roleIds: [role.id] });
  return { id: user.id, token: await signIn(here, owner.slug, email), roleId: role.id };
}

async function signIn(api: Program, slug: string, email: string): Promise<string> {
  const answer = await send(api, 'POST', '/v1/auth/tokens', undefined, { email, password: PASSWORD }, slug);
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

function send(
  api: Program,
  method: string,
  path: string,
  token?: string,
  body?: unknown,
  slug?: string,
): Promise<Response> {
  return fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(slug !== undefined && { 'x-tenant': slug }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

type Deed = (owner: Trader, clerk: Clerk) => Promise<void>;

async function done(answer: Promise<Response>): Promise<void> {
  const { status } = await answer;
  if (status >= 300) throw new Error(`the revocation was answered with ${status}`);
}

const DEEDS: readonly (readonly [string, Deed])[] = [
  ['signed out', (_, { token }) => done(send(apart, 'DELETE', '/v1/auth/tokens/current', token))],
  [
    'ended from the list',
    async (_, { token }) => {
      const answer = await send(apart, 'GET', '/v1/auth/sessions', token);
      const [session] = ((await answer.json()) as PageOf<Id>).items;
      await done(send(apart, 'DELETE', `/v1/auth/sessions/${session?.id}`, token));
    },
  ],
  [
    'disabled with its user',
    (owner, { id }) => done(send(apart, 'PATCH', `/v1/users/${id}`, owner.token, { status: 'disabled' })),
  ],
  [
    'out of date with the password',
    (owner, { id }) =>
      done(send(apart, 'PATCH', `/v1/users/${id}`, owner.token, { password: 'another good password' })),
  ],
  [
    'taken the permission by its role',
    (owner, { roleId }) =>
      done(send(apart, 'PUT', `/v1/roles/${roleId}`, owner.token, { name: 'clerk', permissions: ['catalog.read'] })),
  ],
];

async function expectRefusalWithinASecond(token: string, deed: () => Promise<void>): Promise<void> {
  const statusAt = async (api: Program): Promise<number> => (await send(api, 'GET', '/v1/roles', token)).status;
  for (const api of [here, apart, here, apart]) expect(await statusAt(api)).toBe(200);
  await deed();
  const revokedAt = performance.now();
  // At once where it was done; within a second everywhere; and never again after that.
  expect(await statusAt(apart)).not.toBe(200);
  while ((await statusAt(here)) === 200) {
    if (performance.now() - revokedAt > WITHIN_MS) throw new Error('it went on for longer than a second');
  }
  while (performance.now() - revokedAt < AFTERWARDS_MS) {
    expect(await Promise.all([here, apart].map(statusAt))).not.toContain(200);
    await sleep(50);
  }
}

describe.each([
  ['both have Redis', 'open'],
  ['the one that revokes has lost Redis', 'closed'],
  ['Redis hangs for the one that revokes', 'silent'],
] as const)('of two apis, while %s,', (_, mode) => {
  it.each(DEEDS)('both refuse within a second a session that was %s', async (_what, deed) => {
    const owner = await Trader.signUp(system);
    const clerk = await clerkOf(owner);
    await expectRefusalWithinASecond(clerk.token, async () => {
      await toRedis.become(mode);
      await deed(owner, clerk);
    });
  });

  it('both refuse within a second an API key that was revoked', async () => {
    const owner = await Trader.signUp(system);
    const made = await owner.post<Id & { key: string }>('/v1/api-keys', { name: 'shop', permissions: ['role.read'] });
    await expectRefusalWithinASecond(made.key, async () => {
      await toRedis.become(mode);
      await done(send(apart, 'DELETE', `/v1/api-keys/${made.id}`, owner.token));
    });
  });
});

it('without any Redis, people sign in, go on, and are signed out on both apis at once, and it is not slow', async () => {
  const owner = await Trader.signUp(system);
  await system.redis.kill();
  try {
    const token = await signIn(apart, owner.slug, owner.email);
    const begun = performance.now();
    for (let request = 0; request < 40; request++) {
      expect((await send(request % 2 === 0 ? here : apart, 'GET', '/v1/auth/me', token)).status).toBe(200);
    }
    expect((performance.now() - begun) / 40).toBeLessThan(100);
    await done(send(apart, 'DELETE', '/v1/auth/tokens/current', token));
    for (const api of [apart, here]) expect((await send(api, 'GET', '/v1/auth/me', token)).status).toBe(401);
  } finally {
    await system.redis.restart();
  }
});
