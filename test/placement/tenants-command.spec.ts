import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTestDatabase, nodeEnvironment, type TestDatabase, testStack } from '#libs/testing';
import { schemas } from '../../ormconfig.js';
import { type CommandResult, runCommand } from '../support/command.js';
import { contentsOf } from '../support/placement-stage.js';

const MAIN = 'dist/apps/cli/main.js';
const PASSWORD = 'correct horse battery staple';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(schemas);
});
afterAll(() => database?.drop());

function environment(): Record<string, string> {
  const { landlord, tenant } = database.options;
  return { ...testStack().env, DB_LANDLORD_DATABASE: landlord.database, DB_DATABASE: tenant.database };
}

const quoin = (...args: string[]): Promise<CommandResult> => runCommand([MAIN, ...args], environment());

async function create(slug: string, ...where: string[]): Promise<CommandResult> {
  const company = ['--name', 'Acme Ltd', '--currency', 'GBP', '--time-zone', 'Europe/London', '--country', 'GB'];
  const admin = ['--admin-email', `owner@${slug}.example`, '--admin-name', 'Ada Owner'];
  return runCommand([MAIN, 'tenants', 'create', slug, ...company, ...admin, ...where], environment(), PASSWORD);
}

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly placement: {
    readonly model: string;
    readonly cluster: string;
    readonly database: string;
    readonly schema: string;
  };
}

async function shown(slug: string): Promise<Shown> {
  const { output } = await quoin('tenants', 'show', slug);
  return JSON.parse(output) as Shown;
}

it('makes, lists, suspends and resumes tenants, and says in a sentence what it cannot do', async () => {
  expect(await create('first')).toMatchObject({
    code: 0,
    output: expect.stringContaining('first is active (shared: '),
  });
  expect(await create('first')).toMatchObject({
    code: 1,
    output: expect.stringContaining('Another tenant has this slug'),
  });
  expect(await create('away', '--cluster', 'nowhere')).toMatchObject({
    code: 1,
    output: expect.stringContaining('no cluster and database of this name'),
  });
  const list = await quoin('tenants', 'list', '--status', 'active');
  expect(list.output).toMatch(/^first +active +shared: default\/\S+\/public {2}Acme Ltd$/m);
  expect(await quoin('tenants', 'suspend', 'first', '--reason', 'did not pay')).toMatchObject({ code: 0 });
  expect(await shown('first')).toMatchObject({ status: 'suspended' });
  expect(await quoin('tenants', 'resume', 'first')).toMatchObject({ code: 0 });
  expect(await shown('first')).toMatchObject({ status: 'active' });
  expect(await quoin('tenants', 'move', 'first')).toMatchObject({
    code: 1,
    output: expect.stringContaining('Say where to'),
  });
  expect(await quoin('tenants', 'move', 'first', '--isolation', 'shared')).toMatchObject({
    code: 1,
    output: expect.stringContaining('already'),
  });
}, 120_000);

/** Starts the command and kills it with SIGKILL as soon as it has said something. */
async function killedWhen(said: string, args: readonly string[]): Promise<NodeJS.Signals | null> {
  const env = { ...nodeEnvironment(), ...environment() };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes(said)) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return signal;
}

it('goes on with a move however often it was killed, step after step, and loses nothing', async () => {
  await create('moving');
  const before = await shown('moving');
  const rows = await contentsOf(database, before.placement as never, before.id);
  const move = ['tenants', 'move', 'moving', '--isolation', 'schema', '--keep-source', '0'];
  for (const step of ['pausing writes', 'copying', 'comparing', 'switching', 'letting writes in', 'removing']) {
    expect(await killedWhen(step, move)).toBe('SIGKILL');
    // Once it has switched, the same wish is the place where it is: what is left is continued by name.
    if (step === 'switching' && (await shown('moving')).placement.model === 'schema') move.splice(3, 2, '--continue');
    if (step === 'letting writes in' && !move.includes('--continue')) move.splice(3, 2, '--continue');
  }
  expect(await quoin(...move)).toMatchObject({
    code: 0,
    output: expect.stringContaining('moving was moved from shared'),
  });
  const after = await shown('moving');
  expect(after.placement).toMatchObject({ model: 'schema', database: before.placement.database });
  expect(await contentsOf(database, after.placement as never, after.id)).toEqual(rows);
}, 240_000);

it('migrates past a place that fails, names it and ends with exit code 1, and takes it up when it is put right', async () => {
  await create('broken', '--isolation', 'schema');
  const { placement } = await shown('broken');
  await database.asOwner(`drop table ${placement.schema}.imported_line, ${placement.schema}.imported_document`);
  await database.asOwner(`delete from ${placement.schema}.schema_migration where name like 'Imports%'`);
  await database.asOwner(`create table ${placement.schema}.imported_document (id uuid)`);
  const failed = await quoin('migrate');
  expect(failed.code).toBe(1);
  expect(failed.output).toMatch(new RegExp(`/${placement.schema}: FAILED: .*already exists`));
  expect(failed.output).toContain('1 failed');
  await database.asOwner(`drop table ${placement.schema}.imported_document`);
  const again = await quoin('migrate');
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining(`${placement.schema}: Imports`) });
}, 180_000);
