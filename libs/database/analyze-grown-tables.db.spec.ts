import { analyzeGrownTables } from './index.js';
import { gaugeSchema } from './testing/gauge.js';
import { WidgetStage } from './testing/widget-stage.js';
import { widget } from './testing/widget.js';

let stage: WidgetStage;

beforeAll(async () => {
  stage = await WidgetStage.open([gaugeSchema]);
});
afterAll(() => stage.close());

/** How many rows the planner takes a table to have; -1: it was never looked at. */
const rowsKnown = async (table: string): Promise<number> => {
  const [row] = await stage.database.asSuperuser<{ rows: number }>(
    `select reltuples::integer as rows from pg_class where oid = 'public.${table}'::regclass`,
  );
  return row?.rows ?? NaN;
};

const fill = (from: number, count: number) =>
  stage.run(() => stage.widgets.insert(Array.from({ length: count }, (_, n) => widget(`widget ${from + n}`))));

it('looks at tables that have been filled since, and at no others', async () => {
  await fill(0, 500);
  expect([await rowsKnown('widget'), await rowsKnown('gauge')]).toEqual([-1, -1]);
  await analyzeGrownTables(stage.database.owner, 'public');
  expect([await rowsKnown('widget'), await rowsKnown('gauge')]).toEqual([500, -1]);

  await fill(500, 50);
  await analyzeGrownTables(stage.database.owner, 'public');
  expect(await rowsKnown('widget')).toBe(500);
  await fill(550, 1_500);
  await analyzeGrownTables(stage.database.owner, 'public');
  expect(await rowsKnown('widget')).toBe(2_050);
});

it('leaves tables of other schemas alone', async () => {
  await stage.database.asOwner('create schema other');
  await stage.database.asOwner('create table other.note as select generate_series(1, 5000) as n');
  await analyzeGrownTables(stage.database.owner, 'public');
  const known = () =>
    stage.database.asSuperuser(`select reltuples::integer as rows from pg_class where oid = 'other.note'::regclass`);
  expect(await known()).toEqual([{ rows: -1 }]);
  await analyzeGrownTables(stage.database.owner, 'other');
  expect(await known()).toEqual([{ rows: 5_000 }]);
});
