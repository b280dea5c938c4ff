import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testStack } from '#libs/testing';
import { type CommandResult, runCommand } from '../support/command.js';
import { USUAL_ISOLATION } from '../support/isolations.js';
import { RunningSystem } from '../support/running-system.js';

const SLUG = 'gifts';

const LINES = [
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  '100,A1,LAMP,3,2010-12-01T08:26:00,2.55,17850,France',
  'C101,A1,LAMP,-1,2010-12-02T10:00:00,2.55,17850,France',
  '102,B2,VASE,2,2011-01-03T09:00:00,0.001,,EIRE',
  '',
];

let system: RunningSystem;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 0, workers: 0 });
});

afterAll(() => system?.stop());

/** `quoin import online-retail`, which makes the tenant: with the owner's login. */
async function importLines(): Promise<CommandResult> {
  const { DB_OWNER_USERNAME = '', DB_OWNER_PASSWORD = '' } = testStack().env;
  const owner = { DB_OWNER_USERNAME, DB_OWNER_PASSWORD, TENANT_ISOLATION: USUAL_ISOLATION };
  const folder = await mkdtemp(join(tmpdir(), 'quoin-books-'));
  try {
    const file = join(folder, 'retail.csv');
    await writeFile(file, LINES.join('\n'));
    return await quoin(['import', 'online-retail', file, '--tenant', SLUG], owner);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `quoin books verify`, as an operator runs it: with the application's login, never the owner's. */
function verify(...options: string[]): Promise<CommandResult> {
  return quoin(['books', 'verify', ...options]);
}

function quoin(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  return runCommand(['dist/apps/cli/main.js', ...words], { ...system.environment(), ...environment });
}

it('imports into a tenant that is made for it', async () => {
  const imported = await importLines();
  expect(imported).toMatchObject({ code: 0, output: expect.stringContaining('Imported 3 documents with 3 lines') });
  expect(await system.placementOf(SLUG)).toMatchObject({ model: USUAL_ISOLATION });
});

it('prints one JSON object under the names of the truth files, and nothing else', async () => {
  const { code, output } = await verify('--tenant', SLUG, '--json');
  expect(code).toBe(0);
  const printed = JSON.parse(output) as Record<string, Record<string, unknown>>;
  expect(Object.keys(printed)).toEqual([
    'ok',
    'faults',
    'outstanding',
    'dead_letters',
    'total',
    'by_month',
    'by_country',
    'by_sku',
  ]);
  // No worker runs: the mail to the new owner waits, and that the catalogue has changed.
  expect(printed).toMatchObject({ ok: true, faults: [], outstanding: 2, total: { invoices: 3, net_revenue: '5.102' } });
  expect(Object.keys(printed['by_month'] ?? {})).toEqual(['2010-12', '2011-01']);
});

it('prints tables for people, of one month where that is wanted', async () => {
  const { code, output } = await verify('--tenant', SLUG, '--month', '2010-12');
  expect(code).toBe(0);
  expect(output).toContain('✓ ledger');
  expect(output).toMatch(/^France +2 +2 +2 +7\.65 +-2\.55 +0\.00 +5\.10$/m);
  expect(output).not.toContain('EIRE');
});

it('says in one sentence what it cannot do', async () => {
  const unknown = await verify('--tenant', 'nobody');
  expect(unknown).toEqual({ code: 1, output: 'There is no tenant "nobody".\n' });
  const month = await verify('--tenant', SLUG, '--month', 'May');
  expect(month).toMatchObject({ code: 1, output: expect.stringContaining('a month like 2010-12') });
});

it('names the first fault and ends with exit code 1', async () => {
  const { database, schema } = await system.placementOf(SLUG);
  await system.database.asSuperuserIn(
    database,
    `set session_replication_role = replica; update ${schema}.stock_level set on_hand = on_hand + 1 where on_hand > 0`,
  );
  const { code, output } = await verify('--tenant', SLUG);
  expect(code).toBe(1);
  expect(output).toContain('✗ stock');
  expect(output.trimEnd().split('\n').at(-1)).toMatch(/^The books of .+ are wrong: .+ \(inventory\.level\.on_hand\)$/);
});
