import pg from 'pg';
import { createTestDatabase, type TestDatabase, testStack } from '#libs/testing';
import { schemas } from '../../ormconfig.js';
import { BREACHES } from './catalogue-breaches.js';
import { CATALOGUE_RULES, catalogueFaults, prepareCatalogueScan } from './catalogue-rules.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase(schemas);
  const url = new URL(testStack().postgres.superuser);
  url.pathname = `/${database.options.tenant.database}`;
  client = new pg.Client(url.href);
  await client.connect();
  await prepareCatalogueScan(client);
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

it('finds nothing in the tables, roles and rights that the migrations make', async () => {
  expect(await catalogueFaults(client)).toEqual([]);
});

it.each(BREACHES)('reports %s', async (_what, sql, offender, rule) => {
  await client.query('begin');
  try {
    await client.query(sql);
    expect(await catalogueFaults(client)).toContain(`${offender} ${rule}`);
  } finally {
    await client.query('rollback');
  }
});

it('has no rule that was never seen to report anything', () => {
  const shown = new Set(BREACHES.map(([, , , rule]) => rule));
  expect(CATALOGUE_RULES.filter((rule) => !shown.has(rule))).toEqual([]);
});
