import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { AccessTokens } from '#libs/auth';
import type { TenantIdentity } from '#libs/context';
import { inTenant } from '#libs/tenancy';
import { testStack } from '#libs/testing';
import { AddRole } from '../roles/add-role.js';
import { ChangeRole } from '../roles/change-role.js';
import { IdentityStage, line, type Line, PASSWORD, principalOf, signIn, signUp } from '../testing/index.js';
import { AddUser } from '../users/add-user.js';
import { ChangeUser } from '../users/change-user.js';
import { EndSessions } from './end-sessions.js';
import type { SessionTokens } from './session-tokens.js';
import { type SessionSignal, SessionWatch } from './session-watch.js';
import { Sessions } from './sessions.repository.js';

const WITHIN_MS = 1_000;

let stage: IdentityStage;
let here: TestingModule;
let there: TestingModule;
let partitioned: TestingModule;
let toRedis: Line;
let tenant: TenantIdentity;

beforeAll(async () => {
  stage = await IdentityStage.open();
  toRedis = await line(testStack().redis.sessions);
  here = await stage.node();
  there = await stage.node();
  partitioned = await stage.node({ REDIS_SESSION_URL: toRedis.url });
});

afterAll(async () => {
  await stage.close();
  toRedis.close();
});

beforeEach(async () => {
  toRedis.mend();
  tenant = await signUp(here);
});

async function watched(tokens: SessionTokens, node = there): Promise<{ heard: SessionSignal[]; stop: () => void }> {
  const heard: SessionSignal[] = [];
  const claims = await node.get(AccessTokens).verify(tokens.accessToken);
  const stop = inTenant(tenant, () => node.get(SessionWatch).watch(claims, (signal) => heard.push(signal)));
  // From its first look on it hears; what happened before is found by that look.
  await sleep(600);
  return { heard, stop };
}

async function clerk(roleIds: readonly string[] = []): Promise<{ id: string; tokens: SessionTokens }> {
  const user = { email: `clerk-${Math.random()}@acme.example`, name: 'Clerk', password: PASSWORD, roleIds };
  const { id } = await inTenant(tenant, () => here.get(AddUser).execute(user));
  return { id, tokens: await signIn(here, tenant, user.email) };
}

it.each([
  ['another node', () => here],
  ['the same node', () => there],
  ['a node that has lost Redis', () => partitioned],
])('hears within a second that a session was ended on %s, once', async (_, node) => {
  const { id, tokens } = await clerk();
  const others = await signIn(here, tenant);
  const mine = await watched(tokens);
  const ada = await watched(others);
  if (node() === partitioned) toRedis.cut();
  await inTenant(tenant, () => node().get(EndSessions).allOf(id, 'signed_out'));
  await until(() => mine.heard.length > 0, WITHIN_MS);
  await sleep(600);
  expect([mine.heard, ada.heard]).toEqual([['ended'], []]);
  ada.stop();
});

it('hears that the user was disabled, and that a role changed', async () => {
  const role = await inTenant(tenant, () =>
    here.get(AddRole).execute({ name: 'counter', permissions: ['catalog.read'] }),
  );
  const { id, tokens } = await clerk([role.id]);
  const { heard } = await watched(tokens);
  const definition = { name: 'counter', permissions: ['catalog.read', 'customer.read'] };
  await inTenant(tenant, () => here.get(ChangeRole).execute(role.id, definition, undefined));
  await until(() => heard.length === 1, WITHIN_MS);
  await inTenant(tenant, () => here.get(ChangeUser).execute(id, { status: 'disabled' }, undefined));
  await until(() => heard.length === 2, WITHIN_MS);
  expect(heard).toEqual(['changed', 'ended']);
});

it('finds at its first look a session that is over already', async () => {
  const { id, tokens } = await clerk();
  await inTenant(tenant, () => here.get(EndSessions).allOf(id, 'signed_out'));
  expect((await watched(tokens)).heard).toEqual(['ended']);
});

it('hears nothing any more once it is stopped', async () => {
  const { id, tokens } = await clerk();
  const { heard, stop } = await watched(tokens);
  stop();
  stop();
  await inTenant(tenant, () => here.get(EndSessions).allOf(id, 'signed_out'));
  await sleep(WITHIN_MS);
  expect(heard).toEqual([]);
});

it('asks once for all connections of a tenant, and keeps no session alive', async () => {
  const tokens = await signIn(here, tenant);
  await principalOf(there, tenant, tokens);
  const asked = countQuestions(there);
  const watching = await Promise.all(Array.from({ length: 50 }, () => watched(tokens)));
  expect(asked()).toBeLessThanOrEqual(2);
  await inTenant(tenant, () => here.get(EndSessions).allOf(tokens.userId, 'signed_out'));
  await until(() => watching.every(({ heard }) => heard.length === 1), WITHIN_MS);
  expect(asked()).toBeLessThanOrEqual(4);
  const [row] = await stage.database.asSuperuser<{ untouched: boolean }>(
    'select last_seen_at = created_at as untouched from session where id = $1',
    [tokens.sessionId],
  );
  expect(row).toEqual({ untouched: true });
});

it('lets the others hear when one who listens fails', async () => {
  const { id, tokens } = await clerk();
  const claims = await there.get(AccessTokens).verify(tokens.accessToken);
  inTenant(tenant, () =>
    there.get(SessionWatch).watch(claims, () => {
      throw new Error('a gateway that fails');
    }),
  );
  const { heard } = await watched(tokens);
  await inTenant(tenant, () => here.get(EndSessions).allOf(id, 'signed_out'));
  await until(() => heard.length === 1, WITHIN_MS);
  expect(heard).toEqual(['ended']);
});

/** Counts questions about watched sessions. */
function countQuestions(node: TestingModule): () => number {
  const sessions = node.get(Sessions, { strict: false });
  const ask = sessions.findStanding.bind(sessions);
  let asked = 0;
  sessions.findStanding = (...question) => {
    asked += 1;
    return ask(...question);
  };
  return () => asked;
}

async function until(holds: () => boolean, withinMs: number): Promise<void> {
  const begun = Date.now();
  while (!holds()) {
    if (Date.now() - begun > withinMs) throw new Error(`waited ${withinMs} ms in vain`);
    await sleep(10);
  }
}
