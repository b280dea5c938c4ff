import type { OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseOptions } from '#libs/database';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { ClusterHealth } from './cluster-health.js';
import { ConnectionPools } from './connection-pools.js';

const OPEN_MIN = 8;

let database: TestDatabase;
let names: string[];
const opened: OnApplicationShutdown[] = [];

beforeAll(async () => {
  database = await createTestDatabase([]);
  const tenant = database.options.tenant.database;
  names = Array.from({ length: OPEN_MIN + 2 }, (_, index) => `${tenant}_${index}`);
  const grant = `grant connect on database`;
  for (const name of names) {
    await database.asSuperuser(`create database ${name}`);
    await database.asSuperuser(`${grant} ${name} to ${database.options.tenant.username}`);
  }
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.onApplicationShutdown();
});
afterAll(async () => {
  for (const name of names) await database.asSuperuser(`drop database ${name} with (force)`);
  await database.drop();
});

function poolsOf(max: number, overrides: Partial<DatabaseOptions> = {}): ConnectionPools {
  const options = { ...database.options, pool: { max, connectTimeoutMs: 300 }, ...overrides, schemas: [] };
  const health = new ClusterHealth(options);
  const pools = new ConnectionPools(options, health);
  opened.push(pools, health);
  return pools;
}

const at = (name: string, cluster = 'default') => ({ cluster, endpoint: 'write', database: name }) as const;

/** Connections of these pools as the server counts them. */
async function atTheServer(): Promise<number> {
  const [row] = await database.asSuperuser<{ count: number }>(
    'select count(*)::int as count from pg_stat_activity where datname = any($1) and application_name = $2',
    [names, 'quoin'],
  );
  return row?.count ?? 0;
}

async function ask(pools: ConnectionPools, name: string): Promise<string | undefined> {
  const dataSource = await pools.get(at(name));
  const [row] = await dataSource.query<{ name: string }[]>('select current_database() as name');
  return row?.name;
}

it('opens a data source when it is first asked for, and once for many who ask at the same time', async () => {
  const pools = poolsOf(4);
  expect(pools.size).toBe(0);
  const found = await Promise.all(Array.from({ length: 10 }, () => pools.get(at(names[0]!))));
  expect(new Set(found).size).toBe(1);
  expect(pools.size).toBe(1);
});

it('uses DB_POOL_MAX connections at most over all databases, and everybody is answered', async () => {
  const pools = poolsOf(3);
  const asked = Array.from({ length: 60 }, (_, index) => names[index % 6]!);
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, pools.connections)), 1);
  expect(await Promise.all(asked.map((name) => ask(pools, name)))).toEqual(asked);
  clearInterval(watch);
  await sleep(100);
  expect(most).toBeLessThanOrEqual(3);
  expect(await atTheServer()).toBeLessThanOrEqual(3);
});

it('closes the data source that was not asked for longest, and opens it again when it is asked for', async () => {
  const pools = poolsOf(2);
  for (const name of names) await ask(pools, name);
  expect(pools.size).toBe(OPEN_MIN);
  expect(await ask(pools, names[0]!)).toBe(names[0]);
  expect(pools.size).toBe(OPEN_MIN);
});

it('never closes a data source that is in use', async () => {
  const pools = poolsOf(4);
  const held = (await pools.get(at(names[0]!))).createQueryRunner('master');
  await held.query('begin');
  for (const name of names) await ask(pools, name);
  expect(await held.query('select current_database() as name')).toEqual([{ name: names[0] }]);
  await held.query('rollback');
  await held.release();
});

it('tells whoever waits too long that there is no connection', async () => {
  const pools = poolsOf(1);
  const held = (await pools.get(at(names[0]!))).createQueryRunner('master');
  await held.query('begin');
  await expect(ask(pools, names[0]!)).rejects.toThrow('timeout exceeded when trying to connect');
  await held.release();
  expect(await ask(pools, names[1]!)).toBe(names[1]);
});

it('keeps connections for the other clusters when all of one are held', async () => {
  const [first] = database.options.clusters;
  const clusters = [first!, { ...first!, name: 'east' }];
  const pools = poolsOf(4, { clusters });
  const dataSource = await pools.get(at(names[0]!));
  const runners = Array.from({ length: 4 }, () => dataSource.createQueryRunner('master'));
  const outcomes = await Promise.allSettled(runners.map((runner) => runner.connect()));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  const east = await pools.get(at(names[1]!, 'east'));
  expect(await east.query('select 1 as one')).toEqual([{ one: 1 }]);
  await Promise.all(runners.map((runner) => runner.release()));
});

it('refuses a cluster and a replica that are not configured', async () => {
  const pools = poolsOf(1);
  await expect(pools.get(at(names[0]!, 'nowhere'))).rejects.toThrow('no database cluster is called nowhere');
  await expect(pools.get({ ...at(names[0]!), endpoint: 0 })).rejects.toThrow('has no replica 0');
});
