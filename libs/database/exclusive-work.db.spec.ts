import type { TestingModule } from '@nestjs/testing';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import { ExclusiveWork, WorkUnderWay } from './index.js';

let database: TestDatabase;
let processes: TestingModule[];

beforeAll(async () => {
  database = await createTestDatabase([]);
  processes = await Promise.all([testingModule(database, {}), testingModule(database, {})]);
});

afterAll(async () => {
  await Promise.all(processes.map((module) => module.close()));
  await database.drop();
});

const run = <T>(process: number, name: string, work: () => Promise<T>, tenant = here) =>
  inTenant(tenant, async () => (processes[process] as TestingModule).get(ExclusiveWork).run(name, work));
const nothing = async (): Promise<string> => 'done';
let here: ReturnType<typeof testTenant>;

beforeEach(() => {
  here = testTenant(database);
});

it('is done by one process at a time, and by the next one afterwards', async () => {
  const refused = await run(0, 'import', async () => {
    await expect(run(1, 'import', nothing)).rejects.toThrow(WorkUnderWay);
    // Nor twice by the same process.
    await expect(run(0, 'import', nothing)).rejects.toThrow(WorkUnderWay);
    return 'refused twice';
  });
  expect(refused).toBe('refused twice');
  expect(await run(1, 'import', nothing)).toBe('done');
});

it('leaves other work and other tenants alone', async () => {
  await run(0, 'import', async () => {
    expect(await run(1, 'export', nothing)).toBe('done');
    expect(await run(1, 'import', nothing, testTenant(database))).toBe('done');
  });
});

it('is free again after work that failed, and when the connection is lost', async () => {
  const failing = run(0, 'import', async () => Promise.reject(new Error('no such file')));
  await expect(failing).rejects.toThrow('no such file');
  await run(0, 'import', async () => {
    const holders = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`;
    await database.asSuperuser(holders);
    expect(await run(1, 'import', nothing)).toBe('done');
  });
  expect(await run(0, 'import', nothing)).toBe('done');
});

it('holds no snapshot meanwhile, so that what others update can be cleaned up', async () => {
  await run(0, 'import', async () => {
    const holders = await database.asSuperuser<{ state: string; backend_xmin: string | null }>(
      `select state, backend_xmin from pg_stat_activity join pg_locks using (pid)
       where locktype = 'advisory' and datname = current_database()`,
    );
    expect(holders).toEqual([{ state: 'idle in transaction', backend_xmin: null }]);
  });
});
