import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLandlord } from '#erp/tenants/testing';
import { Chance } from '../support/chance.js';
import { RunningSystem } from '../support/running-system.js';
import { TableLock } from '../support/table-lock.js';
import { writeRetailFile } from '../support/retail-file.js';
import { Auditor } from './auditor.js';
import { Chaos, lostConnections, ProcessKiller } from './chaos.js';
import { Importer } from './importer.js';
import { OrderLoad } from './order-load.js';
import { report, until, untilQuiet } from './recovery.js';

const DECEMBER = join(process.cwd(), '../shared/data/online-retail-2010-12.csv.gz');
const WAIT_MS = 300_000;

let system: RunningSystem;
let auditor: Auditor;
let folder: string;
let chance: Chance;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quoin-import-'));
  system = await RunningSystem.start({ apis: 2, workers: 2, env: { AUTH_ACCESS_TTL_S: '86400', LOG_LEVEL: 'warn' } });
  auditor = await Auditor.of(system.database);
}, 120_000);

beforeEach(() => {
  chance = Chance.ofThisRun();
  process.stdout.write(`    seed: FAULT_SEED=${chance.seed}\n`);
});

afterAll(async () => {
  await auditor?.dismiss();
  await system?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** What two imports of one file must have in common, beyond what the report totals. */
const FINGERPRINT = `
  select 'level ' || p.sku as what, l.on_hand || ' worth ' || l.value_minor as amount
  from stock_level l join product p on p.tenant_id = l.tenant_id and p.id = l.product_id where l.tenant_id = $1
  union all
  select 'account ' || a.code, sum(j.amount_minor)::text
  from journal_line j join account a on a.tenant_id = j.tenant_id and a.id = j.account_id where j.tenant_id = $1 group by a.code
  union all
  select 'numbers ' || series, last::text from (
    select 'order' as series, max(number) as last from sales_order where tenant_id = $1
    union all select 'invoice', max(number) from invoice where tenant_id = $1
    union all select 'credit note', max(number) from credit_note where tenant_id = $1
    union all select 'customer', max(number) from customer where tenant_id = $1) as series
  order by 1`;

/** All that the books of an imported tenant say. @throws when they contradict themselves */
async function booksOf(slug: string) {
  const id = (await tenantIdOf(slug)) ?? '';
  expect(await auditor.faultsOfImport(id)).toEqual([]);
  const { totals } = await auditor.books(id);
  return { totals, fingerprint: await system.database.asSuperuser(FINGERPRINT, [id]) };
}

/** Runs the importer to its end. */
async function importInPeace(file: string, slug: string): Promise<string> {
  const { code, output } = await Importer.start(system, file, slug).ended();
  if (code !== 0) throw new Error(`the importer ended with ${code}: ${output}`);
  return output;
}

/** Kills the importer each time when it has come so much further, starts it again, and lets the last one end. */
async function importUnderFire(file: string, slug: string, documents: number, shots: number): Promise<number> {
  let kills = 0;
  for (let shot = 1; shot <= shots; shot += 1) {
    // Anywhere in its part of the file, the very beginning included; the last part is left for the run that ends.
    const target = Math.floor((documents * (shot - chance.next())) / (shots + 1));
    const importer = Importer.start(system, file, slug);
    let id: string | undefined;
    const isFarEnough = async () => {
      id ??= await tenantIdOf(slug);
      return !importer.isRunning || (id !== undefined && (await imported(id)) >= target);
    };
    await until(`${target} documents are imported`, isFarEnough, WAIT_MS);
    const { code, output } = await importer.kill();
    if (code !== null && code !== 0) throw new Error(`the importer ended with ${code}: ${output}`);
    // It may have been faster than we were.
    if (code === null) kills += 1;
  }
  await importInPeace(file, slug);
  return kills;
}

async function tenantIdOf(slug: string): Promise<string | undefined> {
  const [row] = await atLandlord<{ id: string }>(system.database, 'select id from tenant where slug = $1', [slug]);
  return row?.id;
}

async function imported(id: string): Promise<number> {
  const [row] = await system.database.asSuperuser<{ count: number }>(
    'select count(*)::int as count from imported_document where tenant_id = $1',
    [id],
  );
  return row?.count ?? 0;
}

it('ends with the books of an undisturbed run when it, apis and workers are killed again and again', async () => {
  const facts = writeRetailFile(join(folder, 'trade.csv'), chance.fork(1), 240);
  const said = `Imported ${facts.documents} documents with ${facts.total.lines} lines; ${facts.malformed} lines rejected.`;
  expect(await importInPeace(facts.path, 'calm')).toContain(said);
  const calm = await booksOf('calm');
  expect(calm.totals.total).toMatchObject(facts.total);

  const load = await OrderLoad.open(system, chance.fork(2), 20);
  const killer = new ProcessKiller(system);
  const chaos = Chaos.unleash([killer], chance.fork(3), { pauseMs: [400, 2_500], strikesMax: 4 });
  const orders = load.rush(40);
  const kills = await importUnderFire(facts.path, 'stormy', facts.documents, 4);
  await chaos.stop();
  await killer.settled();
  await orders;
  await untilQuiet(system.database, load.trader.id);

  expect(kills).toBeGreaterThanOrEqual(2);
  expect(await booksOf('stormy')).toEqual(calm);
  expect(await auditor.faultsOfOrders(load.trader.id)).toEqual([]);
  expect(await auditor.faultsOfLog(load.trader.id, load.log)).toEqual([]);
  report('import', {
    documents: facts.documents,
    lines: facts.total.lines,
    kills,
    beside: chaos.strikes,
    orders: load.counts(),
  });
}, 600_000);

it('goes on with a tenant that it had only begun to make', async () => {
  const facts = writeRetailFile(join(folder, 'begun.csv'), chance.fork(1), 12);
  const lock = await TableLock.on(system.database, 'company');
  const importer = Importer.start(system, facts.path, 'begun');
  await lock.untilSomebodyWaits();
  await importer.kill();
  await lock.release();
  const status = () => atLandlord(system.database, `select status from tenant where slug = 'begun'`);
  expect(await status()).toEqual([{ status: 'provisioning' }]);

  await importInPeace(facts.path, 'begun');
  expect(await status()).toEqual([{ status: 'active' }]);
  expect((await booksOf('begun')).totals.total).toMatchObject(facts.total);
}, 300_000);

it('is refused while the same import is under way, which it would only disturb', async () => {
  const facts = writeRetailFile(join(folder, 'twice.csv'), chance.fork(1), 80);
  await importInPeace(writeRetailFile(join(folder, 'first.csv'), chance.fork(2), 3).path, 'twice');
  const lock = await TableLock.on(system.database, 'imported_document');
  const first = Importer.start(system, facts.path, 'twice');
  await lock.untilSomebodyWaits();
  const second = await Importer.start(system, facts.path, 'twice').ended();
  expect(second).toEqual({ code: 1, output: expect.stringContaining('is under way already') });
  await lock.release();
  expect(await first.ended()).toMatchObject({ code: 0 });
  await booksOf('twice');
}, 300_000);

it('ends when PostgreSQL ends its connections, and goes on when it is started again', async () => {
  const facts = writeRetailFile(join(folder, 'cut.csv'), chance.fork(1), 150);
  const importer = Importer.start(system, facts.path, 'cut');
  const isUnderWay = async () => {
    const id = await tenantIdOf('cut');
    return id !== undefined && (await imported(id)) >= 20;
  };
  await until('it is under way', isUnderWay, WAIT_MS);
  await lostConnections(system.database, 1).strike(chance);
  const { code, output } = await importer.ended();
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('run the same command again') });
  expect(output).not.toMatch(/^ +at /m);
  await importInPeace(facts.path, 'cut');
  expect((await booksOf('cut')).totals.total).toMatchObject(facts.total);
}, 300_000);

it('brings December 2010 in although it is killed, with the published totals', async () => {
  if (!existsSync(DECEMBER)) return console.warn(`${DECEMBER} is absent: the import of real data is not killed.`);
  const kills = await importUnderFire(DECEMBER, 'december', 2_025, 3);
  expect(kills).toBe(3);
  const { totals } = await booksOf('december');
  expect(totals.total).toMatchObject({
    invoices_sale: 1_699,
    invoices_cancellation: 326,
    lines: 42_481,
    units_net: 342_228,
    gross_revenue: '823746.14',
    net_revenue: '748957.02',
    distinct_skus: 2_822,
    distinct_customers: 948,
  });
  report('December', { kills, lines: totals.total.lines });
}, 600_000);
