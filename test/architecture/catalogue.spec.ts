import pg from 'pg';
import { LandlordDatabase } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { placementOn, TenantPlaces } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testStack } from '#libs/testing';
import { schemas } from '../../ormconfig.js';
import { BREACHES } from './catalogue-breaches.js';
import { CATALOGUE_RULES, catalogueFaults, prepareCatalogueScan, TENANCY_RULES } from './catalogue-rules.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase(schemas);
  client = await scanner(database.options.tenant.database);
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function scanner(name: string): Promise<pg.Client> {
  const url = new URL(testStack().postgres.superuser);
  url.pathname = `/${name}`;
  const connection = new pg.Client(url.href);
  await connection.connect();
  await prepareCatalogueScan(connection);
  return connection;
}

it('finds nothing in the tables, roles and rights that the migrations make', async () => {
  expect(await catalogueFaults(client, CATALOGUE_RULES)).toEqual([]);
});

it('finds nothing in the landlord’s database either, whose tables are of no tenant', async () => {
  const landlord = await scanner(database.options.landlord.database);
  const rules = CATALOGUE_RULES.filter((rule) => !TENANCY_RULES.includes(rule));
  expect(await catalogueFaults(landlord, rules)).toEqual([]);
  await landlord.end();
});

it.each(['schema', 'database'] as const)('finds nothing where a tenant has a %s of its own', async (model) => {
  const id = uuidv7();
  const { username, password } = database.owner;
  const options = { ...database.options, owner: { username, password } };
  const landlord = new LandlordDatabase(options);
  const place = placementOn({ cluster: 'default', database: options.tenant.database }, model, id);
  try {
    await new TenantPlaces(options, landlord).prepare(place);
  } finally {
    await landlord.onApplicationShutdown();
  }
  const there = await scanner(place.database);
  const [own] = (
    await there.query<{ tables: number }>(
      `select count(*)::integer as tables from pg_class where relnamespace = $1::regnamespace and relkind in ('r', 'p')`,
      [place.schema],
    )
  ).rows;
  expect(own?.tables).toBeGreaterThan(60);
  expect(await catalogueFaults(there, CATALOGUE_RULES)).toEqual([]);
  await there.query(`begin; alter table ${place.schema}.product no force row level security`);
  expect(await catalogueFaults(there, CATALOGUE_RULES)).toEqual([
    `${place.schema}.product does not enable and force row-level security`,
  ]);
  await there.query('rollback');
  await there.end();
});

it.each(BREACHES)('reports %s', async (_what, sql, offender, rule) => {
  await client.query('begin');
  try {
    await client.query(sql);
    expect(await catalogueFaults(client, CATALOGUE_RULES)).toContain(`${offender} ${rule}`);
  } finally {
    await client.query('rollback');
  }
});

it('has no rule that was never seen to report anything', () => {
  const shown = new Set(BREACHES.map(([, , , rule]) => rule));
  expect(CATALOGUE_RULES.filter((rule) => !shown.has(rule))).toEqual([]);
});
