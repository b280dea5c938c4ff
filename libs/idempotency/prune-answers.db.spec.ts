import type { TestingModule } from '@nestjs/testing';
import { DispatcherDatabase } from '#libs/events';
import { until } from '#libs/events/testing';
import { uuidv7 } from '#libs/kernel';
import { createTestDatabase, registerTenant, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { IdempotencyPruningModule, PruneAnswers } from './index.js';

let database: TestDatabase;
let module: TestingModule;
let prune: PruneAnswers;

beforeAll(async () => {
  database = await createTestDatabase([]);
  await registerTenant(database, testTenant(database));
  // Without the loop, which would prune between two lines of a test.
  module = await testingModule(database, { providers: [PruneAnswers] });
  prune = module.get(PruneAnswers, { strict: false });
});

afterAll(async () => {
  await module.close();
  await database.drop();
});

beforeEach(() => database.asSuperuser('delete from platform.idempotency_key'));

/** So many answers of one tenant, whose time is over in so many minutes. */
async function answers(count: number, minutes: number, tenantId = uuidv7()): Promise<void> {
  await database.asSuperuser(
    `insert into platform.idempotency_key (tenant_id, id, principal, route, key, body_hash, response_status, response_headers,
       response_body, response_kept, expires_at)
     select $1, gen_random_uuid(), 'user:ada', 'POST /v1/things', 'key ' || n, 'k.' || repeat('0', 64), 201, '{}', '{}', true,
       now() + make_interval(mins => $3)
     from generate_series(1, $2::int) n`,
    [tenantId, count, minutes],
  );
}

const left = async () => {
  const [row] = await database.asSuperuser<{ over: number; good: number }>(
    `select count(*) filter (where expires_at < now())::int as over, count(*) filter (where expires_at > now())::int as good
     from platform.idempotency_key`,
  );
  return row;
};

it('forgets answers of all tenants whose time is over, batch after batch, and no others', async () => {
  await answers(1_500, -1);
  await answers(700, -60);
  await answers(3, 1);
  expect(await prune.execute()).toEqual({ pruned: 1_000, more: true });
  expect(await prune.execute()).toEqual({ pruned: 1_000, more: true });
  expect(await prune.execute()).toEqual({ pruned: 200, more: false });
  expect(await left()).toEqual({ over: 0, good: 3 });
});

it('is done by a worker from its start, without being asked', async () => {
  await answers(1_200, -1);
  await answers(1, 1);
  const worker = await testingModule(database, { imports: [IdempotencyPruningModule] });
  try {
    await until(async () => (await left())?.over === 0);
  } finally {
    await worker.close();
  }
  expect(await left()).toEqual({ over: 0, good: 1 });
});

it('is done by one worker at a time: the other does not wait', async () => {
  await answers(5, -1);
  const [first, second] = await Promise.all([prune.execute(), prune.execute()]);
  expect(first.pruned + second.pruned).toBe(5);
  expect(await left()).toEqual({ over: 0, good: 0 });
});

it('has no right to anything else: neither to answers that are still good, nor to what they say', async () => {
  await answers(2, 60);
  const databases = module.get(DispatcherDatabase, { strict: false });
  const [known] = await databases.all();
  if (!known) throw new Error('no tenant database is known');
  const deleted = await databases.run(known, (transaction) =>
    transaction.execute('delete from platform.idempotency_key'),
  );
  expect(deleted).toBe(0);
  const read = databases.run(known, (transaction) =>
    transaction.query('select response_body from platform.idempotency_key'),
  );
  await expect(read).rejects.toMatchObject({ code: '42501' });
  expect(await left()).toEqual({ over: 0, good: 2 });
});
