import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../support/chance.js';
import { ReplicatedStack } from '../support/replicated-stack.js';
import { writeRetailFile } from '../support/retail-file.js';
import { ImportRuns } from './import-runs.js';
import { report } from './recovery.js';

let stack: ReplicatedStack;
let runs: ImportRuns;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quoin-crash-'));
  stack = await ReplicatedStack.open('crashed-database', 0);
  runs = await ImportRuns.open({ apis: 0, workers: 1, env: { LOG_LEVEL: 'warn' } });
}, 180_000);

afterAll(async () => {
  await runs?.close();
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

// Its commits are not waited for on disk (ADR 0003): what the server had not written when it died is missing afterwards.
it('ends an import with the right books when the database server is killed in the middle of it', async () => {
  const chance = Chance.ofThisRun();
  const facts = writeRetailFile(join(folder, 'trade.csv'), chance.fork(1), 240);
  let crashes = 0;
  for (const share of [0.25, 0.6]) {
    const importer = runs.start(facts.path, 'crashed');
    await runs.untilImported('crashed', Math.floor(facts.documents * share), importer);
    await stack.postgres.kill(stack.primary);
    const { code, output } = await importer.ended();
    await stack.primary.start();
    if (code === 0) continue;
    crashes += 1;
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('run the same command again.') });
  }
  expect(crashes).toBeGreaterThanOrEqual(1);
  await runs.inPeace(facts.path, 'crashed');
  expect((await runs.books('crashed')).totals.total).toMatchObject(facts.total);
  report('crashed database', { crashes, lines: facts.total.lines });
}, 300_000);
