import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { redisClient } from '#libs/redis';
import { inTenant } from '#libs/tenancy';
import { testStack } from '#libs/testing';
import { AddRole } from '../roles/add-role.js';
import { ChangeRole } from '../roles/change-role.js';
import { SessionEnded } from '../sessions/session.errors.js';
import type { SessionTokens } from '../sessions/session-tokens.js';
import { Sessions } from '../sessions/sessions.repository.js';
import { SignOut } from '../sessions/sign-out.js';
import { VerifySession } from '../sessions/verify-session.js';
import { IdentityStage, line, type Line, PASSWORD, principalOf, signIn, signUp } from '../testing/index.js';
import { AddUser } from '../users/add-user.js';
import { ChangeUser } from '../users/change-user.js';
import { AccessChangeRows } from './access-changes.repository.js';

/** What the issue grants: a revocation holds on every node within a second. */
const WITHIN_MS = 1_000;

let stage: IdentityStage;
let here: TestingModule;
let there: TestingModule;
let partitioned: TestingModule;
let toRedis: Line;
let redis: ReturnType<typeof redisClient>;
let tenant: TenantIdentity;

beforeAll(async () => {
  stage = await IdentityStage.open();
  redis = redisClient(testStack().redis.sessions, 'spec');
  await once(redis, 'ready');
  toRedis = await line(testStack().redis.sessions);
  here = await stage.node();
  there = await stage.node();
  partitioned = await stage.node({ REDIS_SESSION_URL: toRedis.url });
});

afterAll(async () => {
  await stage.close();
  toRedis.close();
  redis.disconnect();
});

beforeEach(async () => {
  toRedis.mend();
  tenant = await signUp(here);
  // A node's first look may come before its connection stands.
  const tokens = await signIn(here, tenant);
  for (const node of [here, there, partitioned]) await untilRemembered(node, tokens);
});

describe('what is remembered', () => {
  it('is answered from Redis, whichever node asked PostgreSQL', async () => {
    const tokens = await signIn(here, tenant);
    const first = await principalOf(here, tenant, tokens);
    const asked = countQuestions(here, there);
    expect(await principalOf(here, tenant, tokens)).toEqual(first);
    expect(await principalOf(there, tenant, tokens)).toEqual(first);
    expect(asked()).toBe(0);
  });

  it('answers for no other user', async () => {
    const { id: userId, tokens } = await clerk([]);
    const { sessionId = '' } = await principalOf(here, tenant, tokens);
    const claims = { tenantId: tenant.id, tenantSlug: tenant.slug, sessionId };
    const verify = (user: string) =>
      inTenant(tenant, () => here.get(VerifySession).verify({ ...claims, userId: user }));
    await expect(verify(userId)).resolves.toMatchObject({ id: userId });
    await expect(verify(uuidv7())).rejects.toBeInstanceOf(SessionEnded);
  });

  it('is noted as seen, by nobody’s waiting, once it was not for a while', async () => {
    const tokens = await signIn(here, tenant);
    await stage.database.asSuperuser(`update session set last_seen_at = now() - interval '2 minutes'`);
    await principalOf(here, tenant, tokens);
    const isSeen = async (): Promise<boolean> => {
      const [row] = await stage.database.asSuperuser<{ seen: boolean }>(
        `select last_seen_at > now() - interval '1 minute' as seen from session where id = $1`,
        [tokens.sessionId],
      );
      return row?.seen === true;
    };
    await until(isSeen);
    expect(await isSeen()).toBe(true);
  });
});

describe('while Redis is well, all nodes at once', () => {
  it('refuse a session that was signed out on one', async () => {
    const tokens = await signedInEverywhere();
    await signOut(here, tokens);
    for (const node of [here, there]) await expectRefused(node, tokens);
  });

  it.each([
    ['disabled', { status: 'disabled' }],
    ['given a new password', { password: 'another good password' }],
  ] as const)('refuse all sessions of a user who was %s', async (_, change) => {
    const { id, tokens } = await clerk([]);
    await principalOf(there, tenant, tokens);
    await inTenant(tenant, () => here.get(ChangeUser).execute(id, change, undefined));
    await expectRefused(there, tokens);
  });

  it('feel a changed role', async () => {
    const { role, tokens } = await counterClerk();
    const definition = { name: 'counter', permissions: ['catalog.read'] };
    await inTenant(tenant, () => here.get(ChangeRole).execute(role.id, definition, undefined));
    expect([...(await principalOf(there, tenant, tokens)).permissions]).toEqual(['catalog.read']);
  });

  it('refuse what was read before a sign-out and remembered after it', async () => {
    const tokens = await signIn(here, tenant);
    signOutWhileReading(there, () => signOut(here, tokens));
    await principalOf(there, tenant, tokens);
    for (const node of [here, there]) await expectRefused(node, tokens);
  });
});

describe('when only the node that revokes has lost Redis', () => {
  it('refuses at once itself, and the others within a second', async () => {
    const tokens = await signedInEverywhere();
    toRedis.cut();
    await signOut(partitioned, tokens);
    const signedOutAt = Date.now();
    await expectRefused(partitioned, tokens);
    for (const node of [here, there]) await until(() => isRefused(node, tokens));
    expect(Date.now() - signedOutAt).toBeLessThan(WITHIN_MS);
  });

  it('is felt within a second where a role was changed', async () => {
    const { role, tokens } = await counterClerk();
    toRedis.cut();
    const definition = { name: 'counter', permissions: ['catalog.read'] };
    await inTenant(tenant, () => partitioned.get(ChangeRole).execute(role.id, definition, undefined));
    await sleep(WITHIN_MS / 2);
    expect([...(await principalOf(there, tenant, tokens)).permissions]).toEqual(['catalog.read']);
  });

  it('also voids what is just being remembered from before', async () => {
    const tokens = await signIn(here, tenant);
    toRedis.cut();
    signOutWhileReading(there, () => signOut(partitioned, tokens));
    await principalOf(there, tenant, tokens);
    await sleep(WITHIN_MS / 2);
    for (const node of [here, there]) await expectRefused(node, tokens);
  });

  it('mutation: without the record in PostgreSQL the others would not hear of it', async () => {
    const tokens = await signedInEverywhere();
    toRedis.cut();
    const forgetful = partitioned.get(AccessChangeRows, { strict: false });
    const add = forgetful.add.bind(forgetful);
    forgetful.add = () => Promise.resolve();
    await signOut(partitioned, tokens);
    forgetful.add = add;
    await sleep(WITHIN_MS);
    await expect(principalOf(there, tenant, tokens)).resolves.toMatchObject({ kind: 'user' });
  });
});

describe('without Redis', () => {
  it('signs in, verifies and signs out, at once', async () => {
    const away = await stage.node({ REDIS_SESSION_URL: 'redis://127.0.0.1:1/0' });
    const tokens = await signIn(away, tenant);
    await expect(principalOf(away, tenant, tokens)).resolves.toMatchObject({ email: 'ada@acme.example' });
    await signOut(away, tokens);
    await expectRefused(away, tokens);
  });

  it('waits for one that hangs a quarter of a second, and then no more', async () => {
    const tokens = await signedInEverywhere();
    toRedis.stall();
    await principalOf(partitioned, tenant, tokens);
    const begun = performance.now();
    for (let request = 0; request < 50; request++) await principalOf(partitioned, tenant, tokens);
    expect((performance.now() - begun) / 50).toBeLessThan(30);
  });
});

describe('at rest', () => {
  const keys = { one: `one:${'A'.repeat(43)}`, two: `two:${'B'.repeat(42)}A` };
  const encrypted = (list: string) => stage.node({ SESSION_ENCRYPT: 'true', ENCRYPTION_KEYS: list });

  it('shows nothing of a session, and opens under the old key and the new one', async () => {
    const old = await encrypted(keys.one);
    const rotating = await encrypted(`${keys.two},${keys.one}`);
    const rotated = await encrypted(keys.two);
    for (const node of [old, rotating, rotated]) await untilConnected(node);
    const tokens = await signIn(old, tenant);
    await principalOf(old, tenant, tokens);
    expect(await storedTexts(tokens)).toEqual([expect.stringMatching(/^v1\.one\.[\w-]+\.[\w-]+$/)]);
    const asked = countQuestions(rotating, rotated);
    await principalOf(rotating, tenant, tokens);
    expect(asked()).toBe(0);
    // Without the old key it is as good as not there: read again, and remembered under the new one.
    await principalOf(rotated, tenant, tokens);
    expect(asked()).toBe(1);
    expect(await storedTexts(tokens)).toEqual([expect.stringMatching(/^v1\.two\./)]);
    await principalOf(rotating, tenant, tokens);
    expect(asked()).toBe(1);
  });

  it('takes nothing in the clear for granted once it is encrypted, and is plain without', async () => {
    const tokens = await signedInEverywhere();
    expect((await storedTexts(tokens))[0]).toContain('ada@acme.example');
    const node = await encrypted(keys.one);
    await untilConnected(node);
    const asked = countQuestions(node);
    await principalOf(node, tenant, tokens);
    expect(asked()).toBe(1);
  });
});

async function signedInEverywhere(): Promise<SessionTokens> {
  const tokens = await signIn(here, tenant);
  for (const node of [here, there, partitioned]) await principalOf(node, tenant, tokens);
  const asked = countQuestions(there, partitioned);
  for (const node of [there, partitioned]) await principalOf(node, tenant, tokens);
  expect(asked()).toBe(0);
  return tokens;
}

async function clerk(roleIds: readonly string[]): Promise<{ id: string; tokens: SessionTokens }> {
  const email = `${uuidv7()}@acme.example`;
  const user = { email, name: 'Clerk', password: PASSWORD, roleIds };
  const { id } = await inTenant(tenant, () => here.get(AddUser).execute(user));
  return { id, tokens: await signIn(here, tenant, email) };
}

async function counterClerk(): Promise<{ role: { id: string }; tokens: SessionTokens }> {
  const definition = { name: 'counter', permissions: ['catalog.read', 'customer.read'] };
  const role = await inTenant(tenant, () => here.get(AddRole).execute(definition));
  const { tokens } = await clerk([role.id]);
  expect([...(await principalOf(there, tenant, tokens)).permissions]).toEqual(definition.permissions);
  return { role, tokens };
}

async function signOut(node: TestingModule, tokens: SessionTokens): Promise<void> {
  const principal = await principalOf(node, tenant, tokens);
  await inTenant(tenant, () => node.get(SignOut).execute(), principal);
}

/** The node's next answer from PostgreSQL is overtaken by what happens, and remembered all the same. */
function signOutWhileReading(node: TestingModule, happens: () => Promise<void>): void {
  const sessions = node.get(Sessions, { strict: false });
  const original = new Sessions(node.get(UnitOfWork));
  sessions.findLive = async (...question) => {
    sessions.findLive = original.findLive.bind(original);
    const found = await original.findLive(...question);
    await happens();
    return found;
  };
}

async function expectRefused(node: TestingModule, tokens: SessionTokens): Promise<void> {
  await expect(principalOf(node, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
}

async function isRefused(node: TestingModule, tokens: SessionTokens): Promise<boolean> {
  return principalOf(node, tenant, tokens).then(
    () => false,
    (error) => error instanceof SessionEnded,
  );
}

/** Counts how often nodes ask PostgreSQL about sessions from now on. */
function countQuestions(...nodes: TestingModule[]): () => number {
  let asked = 0;
  for (const node of nodes) {
    const sessions = node.get(Sessions, { strict: false });
    const original = new Sessions(node.get(UnitOfWork));
    sessions.findLive = (...question) => {
      asked += 1;
      return original.findLive(...question);
    };
  }
  return () => asked;
}

async function untilRemembered(node: TestingModule, tokens: SessionTokens): Promise<void> {
  await until(async () => {
    const asked = countQuestions(node);
    await principalOf(node, tenant, tokens);
    return asked() === 0;
  });
}

async function untilConnected(node: TestingModule): Promise<void> {
  const tokens = await signIn(node, tenant);
  await untilRemembered(node, tokens);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error('waited 10 s in vain');
}

/** What Redis has stored of a session. */
async function storedTexts({ sessionId }: SessionTokens): Promise<(string | null)[]> {
  const prefix = `quoin:${stage.database.options.landlord.database}:tenant:{${tenant.id}}:access:`;
  const keys = (await redis.keys(`${prefix}session:*`)).filter((key) => key.endsWith(sessionId));
  return keys.length === 0 ? [] : redis.mget(...keys);
}
