import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Placement } from '#libs/context';
import { type CapabilitySchema, type DatabaseOptions, LandlordDatabase, tenantTable } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { createTestDatabase, registerTenant, type TestDatabase, testTenant } from '#libs/testing';
import { placementOn } from '../placement/shards.js';
import { MigrateAll, type PlaceOutcome } from './migrate-all.js';
import { placeText, TenantPlaces } from './tenant-places.js';

/** `MIGRATED_SCHEMAS=1000 npm run test:only -- libs/tenancy/places/migrate-all` makes more of them. */
const SCHEMAS = Number(globalThis.process.env['MIGRATED_SCHEMAS'] ?? 200);

class Notes1990000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table note (tenant_id uuid not null, id uuid not null, text text not null default '',
      created_at timestamptz not null default now(), primary key (tenant_id, id))`);
    await tenantTable(runner, 'note');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table note');
  }
}

class Tags1990000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table note add column tags text[] not null default array[]::text[]');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table note drop column tags');
  }
}

const release = (...migrations: (new () => MigrationInterface)[]): CapabilitySchema => ({ migrations });

let database: TestDatabase;
let placements: Placement[];

beforeAll(async () => {
  database = await createTestDatabase([]);
  const shard = { cluster: 'default', database: database.options.tenant.database };
  const ids = Array.from({ length: SCHEMAS }, () => uuidv7());
  placements = [...ids.map((id) => placementOn(shard, 'schema', id)), placementOn(shard, 'database', uuidv7())];
  for (const placement of placements) await registerTenant(database, testTenant(database, { placement }));
  const { places, close } = process([]);
  await places.prepare(placements.at(-1)!);
  await close();
}, 600_000);
afterAll(() => database?.drop());

function process(capabilities: readonly CapabilitySchema[]) {
  const { username, password } = database.owner;
  const schemas = [...database.options.schemas, ...capabilities];
  const options: DatabaseOptions = { ...database.options, owner: { username, password }, schemas };
  const landlord = new LandlordDatabase(options);
  const places = new TenantPlaces(options, landlord);
  return { places, all: new MigrateAll(options, landlord, places), close: () => landlord.onApplicationShutdown() };
}

async function migrate(capabilities: readonly CapabilitySchema[]): Promise<PlaceOutcome[]> {
  const { all, close } = process(capabilities);
  const heard: number[] = [];
  try {
    const outcomes = await all.run({ parallel: 6, onProgress: (_outcome, done) => heard.push(done) });
    expect(heard).toEqual(outcomes.map((_, index) => index + 1));
    return outcomes;
  } finally {
    await close();
  }
}

const versions = () =>
  database.asSuperuserIn<{ version: string | null; last_error: string | null; places: number }>(
    database.options.landlord.database,
    'select version, last_error, count(*)::integer as places from place_version group by 1, 2 order by places desc',
  );

it('migrates two hundred schemas, a database and the shared one in one run, and writes down what each has', async () => {
  const outcomes = await migrate([release(Notes1990000000001)]);
  expect(outcomes).toHaveLength(SCHEMAS + 3);
  expect(outcomes.filter(({ error }) => error)).toEqual([]);
  const [tables] = await database.asSuperuser<{ count: number }>(
    `select count(*)::integer as count from pg_class where relname = 'note' and relrowsecurity and relforcerowsecurity`,
  );
  expect(tables?.count).toBe(SCHEMAS + 1);
  expect(await versions()).toEqual([{ version: 'Notes1990000000001', last_error: null, places: SCHEMAS + 2 }]);
}, 180_000);

it('goes on past one that fails, names it, and takes it up in the next run', async () => {
  const bad = placements[57]!;
  await database.asOwner(`alter table ${bad.schema}.note add column tags text`);
  const next = [release(Notes1990000000001, Tags1990000000002)];
  const failed = (await migrate(next)).filter(({ error }) => error);
  expect(failed.map(({ place }) => place)).toEqual([placeText(bad)]);
  expect(failed[0]?.error?.message).toContain('already exists');
  expect(await versions()).toContainEqual({
    version: 'Notes1990000000001',
    last_error: expect.stringContaining('already exists'),
    places: 1,
  });

  await database.asOwner(`alter table ${bad.schema}.note drop column tags`);
  const again = await migrate(next);
  expect(again.filter(({ error }) => error)).toEqual([]);
  expect(again.filter(({ applied }) => applied.length > 0).map(({ place }) => place)).toEqual([placeText(bad)]);
  expect((await versions()).filter(({ last_error: error }) => error !== null)).toEqual([]);
}, 180_000);
