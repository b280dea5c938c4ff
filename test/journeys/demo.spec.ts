import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testStack } from '#libs/testing';
import { type CommandResult, runCommand } from '../support/command.js';
import { RunningSystem } from '../support/running-system.js';
import { Trader } from '../support/trader.js';

let system: RunningSystem;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 1, workers: 1 });
});

afterAll(() => system?.stop());

const seed = (environment: Readonly<Record<string, string>> = {}) =>
  runCommand(['dist/apps/cli/main.js', 'demo', 'seed'], { ...system.environment(), ...environment });

const COUNTS = `
  select (select count(*)::int from category) as categories, (select count(*)::int from product) as products,
    (select count(*)::int from customer) as customers, (select count(*)::int from warehouse) as warehouses,
    (select count(*)::int from stock_receipt where kind = 'opening') as openings,
    (select count(*)::int from stock_level where on_hand > 0) as levels`;

const COMPLETE = { categories: 21, products: 230, customers: 32, warehouses: 3, openings: 3, levels: 675 };

it('makes the demo company, goes on where it was interrupted, and then does nothing more', async () => {
  const { asOwner, asSuperuser } = system.database;
  await asOwner('revoke insert on stock_receipt_line from quoin_app');
  expect(await seed()).toMatchObject({ code: 1 });
  expect(await asSuperuser(COUNTS)).toEqual([{ ...COMPLETE, warehouses: 0, openings: 0, levels: 0 }]);

  await asOwner('grant insert on stock_receipt_line to quoin_app');
  const completed = await seed();
  expect(completed).toMatchObject({ code: 0, output: expect.stringContaining('put into 3 of them') });
  expect(await asSuperuser(COUNTS)).toEqual([COMPLETE]);

  const again = await seed();
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('was there already') });
  expect(await asSuperuser(COUNTS)).toEqual([COMPLETE]);
});

it('is refused in production, and to a company that is somebody else’s', async () => {
  const production = await seed({ APP_ENV: 'production' });
  expect(production).toMatchObject({ code: 1, output: expect.stringContaining('no demo company in production') });
  const somebody = await Trader.signUp(system);
  const stranger = await seed({ DEMO_TENANT: somebody.slug });
  expect(stranger).toMatchObject({ code: 1, output: expect.stringContaining('no demo company of yours') });
});

it('plays its order journey to the end, on its own word that every figure is right', async () => {
  expect(await seed()).toMatchObject({ code: 0 });
  const played = await play({ tenant: 'demo', email: 'owner@demo.quoin.localhost', password: 'quoin demo password' });
  expect(played).toMatchObject({ code: 0, output: expect.stringContaining('All of it was right') });
  expect(played.output).toMatch(/Together +0\.00/);

  const refused = await play({ tenant: 'demo', email: 'owner@demo.quoin.localhost', password: 'another' });
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('answered 401') });
});

/** `npm run demo` on this system, as told by a stack.json. */
async function play(demo: Readonly<Record<string, string>>): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), 'quoin-demo-'));
  const file = join(folder, 'stack.json');
  const api = system.nextApi();
  await writeFile(file, JSON.stringify({ api, docs: `${api}/docs`, mail: testStack().mail, demo }));
  const result = await runCommand(['tools/demo.mjs'], { QUOIN_STACK: file });
  await rm(folder, { recursive: true });
  return result;
}
