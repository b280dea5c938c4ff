import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BooksReport, TradeTotals } from '#erp/reporting';
import { ImportRuns } from '../faults/import-runs.js';
import { report as say } from '../faults/recovery.js';
import { Chance } from '../support/chance.js';

/** Real trade and its published figures. They are beside the repository, never in it. */
const DATA = join(process.cwd(), '../shared/data');
const FILE = join(DATA, 'online-retail-2010-12.csv.gz');
const TRUTH = join(DATA, 'online-retail-2010-12.truth.json.gz');
const MISSING = `${DATA} is absent: the December figures are not compared.`;

/** Figures that the truth file has and books have no use for. */
const NOT_COMPARED = /^(top|peak_net_out|distinct_prices|distinct_descriptions|by_sku_note)/;

type Figures = Readonly<Record<string, unknown>>;

const KILLS = 1;
/** What an import may have resident (issue 2, section 6). */
const MEMORY_MAX_MB = 400;

let runs: ImportRuns | undefined;
let report: BooksReport | undefined;
let truth: Record<keyof TradeTotals, unknown>;
let fire: { kills: number; peakBytes: number };

beforeAll(async () => {
  if (!existsSync(FILE) || !existsSync(TRUTH)) return;
  truth = JSON.parse(gunzipSync(readFileSync(TRUTH)).toString('utf8')) as typeof truth;
  runs = await ImportRuns.open({ apis: 0, workers: 1, env: { LOG_LEVEL: 'warn' } });
  const chance = Chance.ofThisRun();
  say('December', { seed: chance.seed });
  fire = await runs.underFire(FILE, 'december', { documents: 2_025, shots: KILLS, chance });
  report = await runs.verified('december');
}, 600_000);

afterAll(() => runs?.close());

/** The right figures under their names, and ours beside them, decimals in one spelling. */
function beside(right: Figures, ours: Figures): { right: Figures; ours: Figures } {
  const names = Object.keys(right).filter((name) => !NOT_COMPARED.test(name));
  const of = (figures: Figures) => Object.fromEntries(names.map((name) => [name, plain(figures[name])]));
  return { right: of(right), ours: of(ours) };
}

function plain(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value;
}

/** Compares every figure of a group of figures by key: a month, a country, a stock code. */
function expectSameGroups(name: 'by_month' | 'by_country' | 'by_sku', totals: TradeTotals): void {
  const rights = truth[name] as Record<string, Figures>;
  const ours = totals[name] as unknown as Record<string, Figures>;
  expect(Object.keys(ours).toSorted()).toEqual(Object.keys(rights).toSorted());
  const pairs = Object.entries(rights).map(([key, right]) => ({ key, ...beside(right, ours[key] ?? {}) }));
  expect(pairs.map(({ key, ours: figures }) => ({ key, figures }))).toEqual(
    pairs.map(({ key, right: figures }) => ({ key, figures })),
  );
}

it('imports December 2010 into books without a fault, although it is killed and begun again', () => {
  if (!report) return console.warn(MISSING);
  expect(fire.kills).toBe(KILLS);
  expect(report.checks.flatMap(({ faults }) => faults)).toEqual([]);
  expect(report).toMatchObject({ ok: true, outstanding: 0, deadLetters: 0 });
});

it('has the published totals, to the last field', () => {
  if (!report) return console.warn(MISSING);
  const { right, ours } = beside(truth.total as Figures, report.totals.total as unknown as Figures);
  expect(ours).toEqual(right);
  expect(Object.keys(right)).toHaveLength(24);
});

it.each(['by_month', 'by_country', 'by_sku'] as const)('has the published figures %s', (name) => {
  if (!report) return console.warn(MISSING);
  expectSameGroups(name, report.totals);
});

it('takes no more memory than it may', () => {
  if (!report) return console.warn(MISSING);
  const peakMb = fire.peakBytes / 1_024 ** 2;
  say('December', { peakMb: Math.round(peakMb) });
  expect(peakMb).toBeGreaterThan(50);
  expect(peakMb).toBeLessThan(MEMORY_MAX_MB);
});

it('doubles nothing when it is imported again', async () => {
  if (!report || !runs) return console.warn(MISSING);
  const said = await runs.inPeace(FILE, 'december');
  expect(said).toContain('Imported 0 documents with 0 lines');
  expect(said).toContain('2025 documents were there already');
  expect((await runs.verified('december')).totals.total).toEqual(report.totals.total);
}, 120_000);
