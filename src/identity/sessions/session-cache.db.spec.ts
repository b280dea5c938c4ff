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
import { IdentityStage, PASSWORD, principalOf, redisLine, type RedisLine, signIn, signUp } from '../testing/index.js';
import { AddUser } from '../users/add-user.js';
import { ChangeUser } from '../users/change-user.js';
import { SessionCache } from './session-cache.js';
import { SessionEnded } from './session.errors.js';
import type { SessionTokens } from './session-tokens.js';
import { Sessions } from './sessions.repository.js';
import { SignOut } from './sign-out.js';
import { VerifySession } from './verify-session.js';

let stage: IdentityStage;
let here: TestingModule;
let there: TestingModule;
let partitioned: TestingModule;
let line: RedisLine;
let redis: ReturnType<typeof redisClient>;
let tenant: TenantIdentity;

beforeAll(async () => {
  stage = await IdentityStage.open();
  redis = redisClient(testStack().redis.sessions, 'spec');
  await once(redis, 'ready');
  line = await redisLine(testStack().redis.sessions);
  here = await stage.node();
  there = await stage.node();
  partitioned = await stage.node({ REDIS_SESSION_URL: line.url });
  tenant = await signUp(here);
  // A node's first look may come before its connection stands, and each new connection voids what was remembered.
  const tokens = await signIn(here, tenant);
  for (const node of [here, there, partitioned, here, there]) await untilRemembered(node, tokens);
});

afterAll(async () => {
  await stage.close();
  line.close();
  redis.disconnect();
});

beforeEach(async () => {
  tenant = await signUp(here);
});

it('answers from Redis what it, or another node, has asked PostgreSQL once', async () => {
  const tokens = await signIn(here, tenant);
  const first = await principalOf(here, tenant, tokens);
  const asked = countQuestions(here, there);
  expect(await principalOf(here, tenant, tokens)).toEqual(first);
  expect(await principalOf(there, tenant, tokens)).toEqual(first);
  expect(asked()).toBe(0);
});

it('refuses a session on all nodes as soon as it was signed out on one', async () => {
  const tokens = await signedInEverywhere();
  await signOut(here, tokens);
  for (const node of [here, there])
    await expect(principalOf(node, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
});

it.each([
  ['disabled', { status: 'disabled' }],
  ['given a new password', { password: 'another good password' }],
] as const)('refuses all sessions of a user who was %s', async (_, change) => {
  const { id, tokens } = await clerk([]);
  await principalOf(there, tenant, tokens);
  await inTenant(tenant, () => here.get(ChangeUser).execute(id, change, undefined));
  await expect(principalOf(there, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
});

it('does not answer for another user what it remembers of a session', async () => {
  const { id: userId, tokens } = await clerk([]);
  const { sessionId = '' } = await principalOf(here, tenant, tokens);
  await principalOf(here, tenant, tokens);
  const claims = { tenantId: tenant.id, tenantSlug: tenant.slug, sessionId };
  const verify = (user: string) => inTenant(tenant, () => here.get(VerifySession).verify({ ...claims, userId: user }));
  await expect(verify(userId)).resolves.toMatchObject({ id: userId });
  await expect(verify(uuidv7())).rejects.toBeInstanceOf(SessionEnded);
});

it('feels a changed role with the next request', async () => {
  const role = await inTenant(tenant, () =>
    here.get(AddRole).execute({ name: 'counter', permissions: ['catalog.read', 'customer.read'] }),
  );
  const { tokens } = await clerk([role.id]);
  expect([...(await principalOf(there, tenant, tokens)).permissions]).toEqual(['catalog.read', 'customer.read']);
  const definition = { name: 'counter', permissions: ['catalog.read'] };
  await inTenant(tenant, () => here.get(ChangeRole).execute(role.id, definition, undefined));
  expect([...(await principalOf(there, tenant, tokens)).permissions]).toEqual(['catalog.read']);
});

it('does not keep what was read before a sign-out and remembered after it', async () => {
  const tokens = await signIn(here, tenant);
  const { id, sessionId = '' } = await inTenant(tenant, () => principalOf(here, tenant, tokens));
  await expireEntries();
  const old = { email: 'ada@acme.example', permissions: ['from.before'] };
  const cache = there.get(SessionCache, { strict: false });
  await inTenant(tenant, () =>
    cache.through(id, sessionId, async () => {
      await signOut(here, tokens);
      return old;
    }),
  );
  await expect(principalOf(there, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
});

it('mutation: without the epoch, the other node would go on answering from memory', async () => {
  const tokens = await signedInEverywhere();
  const { id } = await principalOf(here, tenant, tokens);
  await signOut(here, tokens);
  const prefix = `quoin:${stage.database.options.landlord.database}`;
  expect(await redis.del(`${prefix}:{${tenant.id}}:epoch:${id}`)).toBe(1);
  await expect(principalOf(there, tenant, tokens)).resolves.toMatchObject({ id });
});

it('does without Redis: signs in, verifies and signs out at once', async () => {
  const away = await stage.node({ REDIS_SESSION_URL: 'redis://127.0.0.1:1/0' });
  const tokens = await signIn(away, tenant);
  await expect(principalOf(away, tenant, tokens)).resolves.toMatchObject({ email: 'ada@acme.example' });
  await signOut(away, tokens);
  await expect(principalOf(away, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
});

it('cut off from Redis, a node refuses at once what was signed out, and the others when it is back', async () => {
  const tokens = await signedInEverywhere();
  await principalOf(partitioned, tenant, tokens);
  line.cut();
  await signOut(partitioned, tokens);
  await expect(principalOf(partitioned, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
  // The price of a split: until the node is back, or for a minute at most, the others know no better.
  await expect(principalOf(there, tenant, tokens)).resolves.toMatchObject({ kind: 'user' });
  line.mend();
  await until(() =>
    principalOf(there, tenant, tokens).then(
      () => false,
      (error) => error instanceof SessionEnded,
    ),
  );
});

async function signedInEverywhere(): Promise<SessionTokens> {
  const tokens = await signIn(here, tenant);
  for (const node of [here, there]) await principalOf(node, tenant, tokens);
  const asked = countQuestions(there);
  await principalOf(there, tenant, tokens);
  expect(asked()).toBe(0);
  return tokens;
}

/** Somebody with these roles, signed in. */
async function clerk(roleIds: readonly string[]): Promise<{ id: string; tokens: SessionTokens }> {
  const person = { email: 'cleo@acme.example', name: 'Cleo', password: PASSWORD, roleIds };
  const { id } = await inTenant(tenant, () => here.get(AddUser).execute(person));
  return { id, tokens: await signIn(here, tenant, 'cleo@acme.example') };
}

async function signOut(node: TestingModule, tokens: SessionTokens): Promise<void> {
  const principal = await principalOf(node, tenant, tokens);
  await inTenant(tenant, () => node.get(SignOut).execute(), principal);
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

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error('waited 10 s in vain');
}

/** As if a minute had passed. */
async function expireEntries(): Promise<void> {
  const keys = await redis.keys(`quoin:${stage.database.options.landlord.database}:{${tenant.id}}:session:*`);
  if (keys.length > 0) await redis.del(...keys);
}
