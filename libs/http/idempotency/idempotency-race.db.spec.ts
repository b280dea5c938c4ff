import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TenantIdentity } from '#libs/context';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { type Caller, type RawAnswer, type TenantApi, tenantApi } from '../testing/index.js';
import { DeedsModule, deedsSchema } from './testing/deeds.js';

const RACERS = 50;

/** Who is told to come back does, as often as a busy machine makes it necessary. */
const UNMETERED = { API_RATE_LIMIT: '1000000' };

let database: TestDatabase;
let apis: TenantApi[];
let tenant: TenantIdentity;

beforeEach(async () => {
  database = await createTestDatabase([deedsSchema]);
  apis = await Promise.all([1, 2].map(() => tenantApi(database, { imports: [DeedsModule] }, {}, UNMETERED)));
  tenant = testTenant(database);
  await registerTenant(database, tenant);
});

afterEach(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await database.drop();
});

/** The same person at each of the apis. */
async function callers(): Promise<Caller[]> {
  const userId = randomUUID();
  return Promise.all(apis.map((api) => api.signIn(tenant, [], userId)));
}

/** What racers get who are told to come back and do so; how often they were told. */
async function race(what: string): Promise<{ answers: RawAnswer[]; told: number }> {
  const [key, at] = [randomUUID(), await callers()];
  let told = 0;
  const one = async (index: number): Promise<RawAnswer> => {
    for (;;) {
      const caller = at[index % at.length] as Caller;
      const request = { headers: { 'idempotency-key': key }, body: { what } };
      const answer = await caller.raw('POST /v1/deeds', request);
      if (answer.status !== 409) return answer;
      told += 1;
      await sleep(20);
    }
  };
  return { answers: await Promise.all(Array.from({ length: RACERS }, (_, index) => one(index))), told };
}

async function deeds(): Promise<number> {
  return (await database.asSuperuser('select from deed where tenant_id = $1', [tenant.id])).length;
}

const WITHOUT_CONSTRAINT = 'alter table platform.idempotency_key drop constraint idempotency_key_unique';

/** The claim as it is, but for the lock. */
const WITHOUT_LOCK = `
  create or replace function platform.claim_idempotency_key(p_principal text, p_route text, p_key text) returns void
  language plpgsql as $$
  begin
    if exists (select from platform.idempotency_key where principal = p_principal and route = p_route and key = p_key) then
      raise exception 'the key has its answer' using errcode = 'QI001';
    end if;
  end $$`;

function expectOneAnswer(answers: readonly RawAnswer[]): void {
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
}

it('has one effect of fifty identical requests at once over two apis, and one answer for all', async () => {
  const { answers, told } = await race('slow');
  expectOneAnswer(answers);
  expect(told).toBeGreaterThan(0);
  expect(await deeds()).toBe(1);
});

it.each([
  ['the lock alone', WITHOUT_CONSTRAINT],
  ['the constraint alone', WITHOUT_LOCK],
])('has one effect with %s', async (_, mutation) => {
  await database.asOwner(mutation);
  const { answers } = await race('slow');
  expectOneAnswer(answers);
  expect(await deeds()).toBe(1);
});

it('has many without either: this is what the oracle is there to see', async () => {
  await database.asOwner(WITHOUT_CONSTRAINT);
  await database.asOwner(WITHOUT_LOCK);
  const { answers } = await race('slow');
  expect(await deeds()).toBeGreaterThan(1);
  expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(1);
});
