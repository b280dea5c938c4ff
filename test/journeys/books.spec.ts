import { ReportingStage } from '#erp/reporting/testing';
import { testStack } from '#libs/testing';
import { runCommand } from '../support/command.js';

let stage: ReportingStage;

beforeAll(async () => {
  stage = await ReportingStage.open();
  await stage.newTenant();
  await stage.importLines([
    '100,A1,LAMP,3,2010-12-01T08:26:00,2.55,17850,France',
    'C101,A1,LAMP,-1,2010-12-02T10:00:00,2.55,17850,France',
    '102,B2,VASE,2,2011-01-03T09:00:00,0.001,,EIRE',
  ]);
});

afterAll(() => stage.close());

/** `quoin books verify`, as an operator runs it: with the application's login, never the owner's. */
function verify(...options: string[]) {
  const { DB_OWNER_USERNAME: _user, DB_OWNER_PASSWORD: _password, ...env } = testStack().env;
  const { landlord, tenant } = stage.database.options;
  const databases = { DB_LANDLORD_DATABASE: landlord.database, DB_DATABASE: tenant.database };
  return runCommand(['dist/apps/cli/main.js', 'books', 'verify', ...options], { ...env, ...databases });
}

it('prints one JSON object under the names of the truth files, and nothing else', async () => {
  const { code, output } = await verify('--tenant', stage.tenant.slug, '--json');
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
  expect(printed).toMatchObject({ ok: true, faults: [], outstanding: 0, total: { invoices: 3, net_revenue: '5.102' } });
  expect(Object.keys(printed['by_month'] ?? {})).toEqual(['2010-12', '2011-01']);
});

it('prints tables for people, of one month where that is wanted', async () => {
  const { code, output } = await verify('--tenant', stage.tenant.slug, '--month', '2010-12');
  expect(code).toBe(0);
  expect(output).toContain('✓ ledger');
  expect(output).toMatch(/^France +2 +2 +2 +7\.65 +-2\.55 +0\.00 +5\.10$/m);
  expect(output).not.toContain('EIRE');
});

it('says in one sentence what it cannot do', async () => {
  const unknown = await verify('--tenant', 'nobody');
  expect(unknown).toEqual({ code: 1, output: 'There is no tenant "nobody".\n' });
  const month = await verify('--tenant', stage.tenant.slug, '--month', 'May');
  expect(month).toMatchObject({ code: 1, output: expect.stringContaining('a month like 2010-12') });
});

it('names the first fault and ends with exit code 1', async () => {
  await stage.forge(`update stock_level set on_hand = on_hand + 1 where tenant_id = $tenant and on_hand > 0`);
  const { code, output } = await verify('--tenant', stage.tenant.slug);
  expect(code).toBe(1);
  expect(output).toContain('✗ stock');
  expect(output.trimEnd().split('\n').at(-1)).toMatch(/^The books of .+ are wrong: .+ \(inventory\.level\.on_hand\)$/);
});
