import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLandlord } from '#erp/tenants/testing';
import { Chance } from '../support/chance.js';
import { writeRetailFile } from '../support/retail-file.js';
import type { RunningSystem } from '../support/running-system.js';
import { TableLock } from '../support/table-lock.js';
import { Chaos, lostConnections, ProcessKiller } from './chaos.js';
import { ImportRuns } from './import-runs.js';
import { OrderLoad } from './order-load.js';
import { report, untilQuiet } from './recovery.js';

let runs: ImportRuns;
let system: RunningSystem;
let folder: string;
let chance: Chance;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quoin-import-'));
  runs = await ImportRuns.open({ apis: 2, workers: 2, env: { AUTH_ACCESS_TTL_S: '86400', LOG_LEVEL: 'warn' } });
  system = runs.system;
}, 120_000);

beforeEach(() => {
  chance = Chance.ofThisRun();
  process.stdout.write(`    seed: FAULT_SEED=${chance.seed}\n`);
});

afterAll(async () => {
  await runs?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it('ends with the books of an undisturbed run when it, apis and workers are killed again and again', async () => {
  const facts = writeRetailFile(join(folder, 'trade.csv'), chance.fork(1), 240);
  const said = `Imported ${facts.documents} documents with ${facts.total.lines} lines; ${facts.malformed} lines rejected.`;
  expect(await runs.inPeace(facts.path, 'calm')).toContain(said);
  const calm = await runs.books('calm');
  expect(calm.totals.total).toMatchObject(facts.total);

  const load = await OrderLoad.open(system, chance.fork(2), 20);
  const killer = new ProcessKiller(system);
  const chaos = Chaos.unleash([killer], chance.fork(3), { pauseMs: [400, 2_500], strikesMax: 4 });
  const orders = load.rush(40);
  const { kills } = await runs.underFire(facts.path, 'stormy', { documents: facts.documents, shots: 3, chance });
  await chaos.stop();
  await killer.settled();
  await orders;
  await untilQuiet(system.database, load.trader.id);

  expect(kills).toBeGreaterThanOrEqual(2);
  expect(await runs.books('stormy')).toEqual(calm);
  expect(await runs.auditor.faultsOfOrders(load.trader.id)).toEqual([]);
  expect(await runs.auditor.faultsOfLog(load.trader.id, load.log)).toEqual([]);
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
  const importer = runs.start(facts.path, 'begun');
  await lock.untilSomebodyWaits();
  await importer.kill();
  await lock.release();
  const status = () => atLandlord(system.database, `select status from tenant where slug = 'begun'`);
  expect(await status()).toEqual([{ status: 'provisioning' }]);

  await runs.inPeace(facts.path, 'begun');
  expect(await status()).toEqual([{ status: 'active' }]);
  expect((await runs.books('begun')).totals.total).toMatchObject(facts.total);
}, 300_000);

it('is refused while the same import is under way, which it would only disturb', async () => {
  const facts = writeRetailFile(join(folder, 'twice.csv'), chance.fork(1), 80);
  await runs.inPeace(writeRetailFile(join(folder, 'first.csv'), chance.fork(2), 3).path, 'twice');
  const lock = await TableLock.on(system.database, 'imported_document');
  const first = runs.start(facts.path, 'twice');
  await lock.untilSomebodyWaits();
  const second = await runs.start(facts.path, 'twice').ended();
  expect(second).toMatchObject({ code: 1, output: expect.stringContaining('is under way already') });
  await lock.release();
  expect(await first.ended()).toMatchObject({ code: 0 });
  await runs.books('twice');
}, 300_000);

it('ends when PostgreSQL ends its connections, and goes on when it is started again', async () => {
  const facts = writeRetailFile(join(folder, 'cut.csv'), chance.fork(1), 150);
  const importer = runs.start(facts.path, 'cut');
  await runs.untilImported('cut', 20, importer);
  await lostConnections(system.database, 1).strike(chance);
  const { code, output } = await importer.ended();
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('run the same command again.') });
  expect(output).not.toMatch(/^ +at /m);
  await runs.inPeace(facts.path, 'cut');
  expect((await runs.books('cut')).totals.total).toMatchObject(facts.total);
}, 300_000);
