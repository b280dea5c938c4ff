import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testStack } from '#libs/testing';
import { type CommandResult, runCommand } from '../support/command.js';
import { USUAL_ISOLATION } from '../support/isolations.js';
import { RunningSystem } from '../support/running-system.js';
import { Trader } from '../support/trader.js';

let system: RunningSystem;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 1, workers: 1 });
});

afterAll(() => system?.stop());

const OWNER = { name: 'Demo Owner', email: 'owner@demo.quoin.localhost', password: 'quoin demo password' };

/** With the owner's login, which whoever makes schemas and databases has. */
const seed = (environment: Readonly<Record<string, string>> = {}) => {
  const { DB_OWNER_USERNAME = '', DB_OWNER_PASSWORD = '' } = testStack().env;
  const owner = { DB_OWNER_USERNAME, DB_OWNER_PASSWORD, TENANT_ISOLATION: USUAL_ISOLATION };
  return runCommand(['dist/apps/cli/main.js', 'demo', 'seed'], { ...system.environment(), ...owner, ...environment });
};

const counts = (schema: string) => `
  select (select count(*)::int from ${schema}.category) as categories, (select count(*)::int from ${schema}.product) as products,
    (select count(*)::int from ${schema}.customer) as customers, (select count(*)::int from ${schema}.warehouse) as warehouses,
    (select count(*)::int from ${schema}.stock_receipt where kind = 'opening') as openings,
    (select count(*)::int from ${schema}.stock_level where on_hand > 0) as levels`;

const COMPLETE = { categories: 21, products: 230, customers: 32, warehouses: 3, openings: 3, levels: 675 };

it('fills the demo company, goes on where it was interrupted, and then does nothing more', async () => {
  const company = { slug: 'demo', name: 'Demo', currency: 'GBP', timeZone: 'Europe/London', country: 'GB' };
  await system.makeTenant({ ...company, admin: OWNER }, USUAL_ISOLATION);
  const { database, schema } = await system.placementOf('demo');
  const inPlace = (sql: string) => system.database.asSuperuserIn(database, sql);
  const counted = () => inPlace(counts(schema));
  await inPlace(`revoke insert on ${schema}.stock_receipt_line from quoin_app`);
  expect(await seed()).toMatchObject({ code: 1 });
  expect(await counted()).toEqual([{ ...COMPLETE, warehouses: 0, openings: 0, levels: 0 }]);

  await inPlace(`grant insert on ${schema}.stock_receipt_line to quoin_app`);
  const completed = await seed();
  expect(completed).toMatchObject({ code: 0, output: expect.stringContaining('put into 3 of them') });
  expect(await counted()).toEqual([COMPLETE]);

  const again = await seed();
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('was there already') });
  expect(await counted()).toEqual([COMPLETE]);
});

it('is refused in production, and to a company that is somebody else’s', async () => {
  const production = await seed({ APP_ENV: 'production' });
  expect(production).toMatchObject({ code: 1, output: expect.stringContaining('no demo company in production') });
  const somebody = await Trader.signUp(system);
  const stranger = await seed({ DEMO_TENANT: somebody.slug });
  expect(stranger).toMatchObject({ code: 1, output: expect.stringContaining('no demo company of yours') });
});

it('makes one where there is none, and plays its order journey to the end, on its own word that every figure is right', async () => {
  const { email, password } = OWNER;
  expect(await seed({ DEMO_TENANT: 'second', DEMO_EMAIL: email })).toMatchObject({ code: 0 });
  expect(await system.placementOf('second')).toMatchObject({ model: USUAL_ISOLATION });
  const played = await play({ tenant: 'second', email, password });
  expect(played).toMatchObject({ code: 0, output: expect.stringContaining('All of it was right') });
  expect(played.output).toMatch(/Together +0\.00/);

  const refused = await play({ tenant: 'second', email, password: 'another' });
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
