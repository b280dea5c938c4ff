import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import { DEFAULT_CLUSTER } from '#libs/database';
import type { TenantIdentity } from '#libs/context';
import { DomainError } from '#libs/kernel';
import { type TestDatabase, testingModule } from '#libs/testing';
import { SessionsModule } from '../sessions.module.js';
import { SessionEnded } from '../sessions/session.errors.js';
import type { SessionTokens } from '../sessions/session-tokens.js';
import { SignOut } from '../sessions/sign-out.js';
import { inTenant } from '#libs/tenancy';
import { IdentityStage, line, type Line, principalOf, signIn, signUp } from '../testing/index.js';

let stage: IdentityStage;
let here: TestingModule;
/** Reaches PostgreSQL by a line that is cut. */
let apart: TestingModule;
let toPostgres: Line;
let tenant: TenantIdentity;
let tokens: SessionTokens;

beforeAll(async () => {
  stage = await IdentityStage.open();
  here = await stage.node();
  const { options } = stage.database;
  const { host, port } = options.tenant;
  toPostgres = await line(`postgres://${host}:${port}`);
  const write = { host: '127.0.0.1', port: Number(new URL(toPostgres.url).port) };
  const clusters = [{ name: DEFAULT_CLUSTER, write, reads: [], databases: [options.tenant.database] }];
  const pool = { max: 4, connectTimeoutMs: 2_000 };
  const database: TestDatabase = { ...stage.database, options: { ...options, clusters, pool } };
  const config = ConfigModule.forRoot(testConfig(stage.env));
  apart = await testingModule(database, { imports: [config, SessionsModule] });
});

afterAll(async () => {
  await apart.close();
  await stage.close();
  toPostgres.close();
});

beforeEach(async () => {
  toPostgres.mend();
  tenant = await signUp(here);
  tokens = await signIn(here, tenant);
  // Its first looks come before its connection to Redis stands, or before the line is mended.
  for (let tries = 0; tries < 20; tries++) {
    await principalOf(apart, tenant, tokens).catch(() => undefined);
    await sleep(50);
  }
});

it('whoever is remembered goes on while the primary cannot be reached, and is not kept waiting', async () => {
  await principalOf(apart, tenant, tokens);
  toPostgres.cut();
  await sleep(600);
  await principalOf(apart, tenant, tokens);
  const begun = performance.now();
  for (let request = 0; request < 20; request++) {
    await expect(principalOf(apart, tenant, tokens)).resolves.toMatchObject({ email: 'ada@acme.example' });
  }
  expect((performance.now() - begun) / 20).toBeLessThan(50);
});

it('a revocation is heard of through Redis, and nobody is let in on a guess', async () => {
  await principalOf(apart, tenant, tokens);
  toPostgres.cut();
  await sleep(600);
  const principal = await principalOf(here, tenant, tokens);
  await inTenant(tenant, () => here.get(SignOut).execute(), principal);
  const refused = await principalOf(apart, tenant, tokens).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Error);
  expect(refused).not.toBeInstanceOf(DomainError);
  toPostgres.mend();
  await sleep(1_500);
  await expect(principalOf(apart, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
});
