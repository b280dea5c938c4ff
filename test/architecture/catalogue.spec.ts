import pg from 'pg';
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
