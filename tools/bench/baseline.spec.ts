import { readFileSync } from 'node:fs';
import { regressions, updated } from './baseline.mjs';
import { SCENARIO_NAMES } from './options.mjs';

const baseline = { tolerance: 0.2, ratios: { catalogue_cached: 0.4, order_placement: 0.25 } };
const both = Object.keys(baseline.ratios);

it('is content with the ratios of the baseline, and with better ones', () => {
  expect(regressions(baseline, { catalogue_cached: { ratio: 0.4 }, order_placement: { ratio: 0.5 } }, both)).toEqual(
    [],
  );
});

it('forgives as much as the tolerance says', () => {
  const result = (ratio: number) => ({ catalogue_cached: { ratio }, order_placement: { ratio: 0.25 } });
  expect(regressions(baseline, result(0.3201), both)).toEqual([]);
  expect(regressions(baseline, result(0.3199), both)).toHaveLength(1);
});

it('names what fell, with both ratios', () => {
  const fallen = { catalogue_cached: { ratio: 0.1 }, order_placement: { ratio: 0.25 } };
  expect(regressions(baseline, fallen, both)).toEqual([
    'catalogue_cached fell to 0.100 of its bare limit; the baseline is 0.400, at least 0.320 is asked for.',
  ]);
});

it('does not take a missing measurement for a good one', () => {
  expect(regressions(baseline, { catalogue_cached: { ratio: 0.4 } }, both)).toEqual([
    'order_placement was not measured.',
  ]);
  expect(regressions(baseline, { catalogue_cached: { ratio: Number.NaN } }, ['catalogue_cached'])).toHaveLength(1);
});

it('does not take a missing baseline for consent', () => {
  expect(regressions(baseline, { catalogue_uncached: { ratio: 1 } }, ['catalogue_uncached'])).toEqual([
    'catalogue_uncached has no ratio in the baseline.',
  ]);
});

it('refuses a tolerance that forgives everything', () => {
  expect(() => regressions({ ...baseline, tolerance: 1 }, {}, both)).toThrow(RangeError);
});

it('keeps in the baseline what was not measured', () => {
  expect(updated(baseline, { order_placement: { ratio: 0.3 } })).toEqual({
    tolerance: 0.2,
    ratios: { catalogue_cached: 0.4, order_placement: 0.3 },
  });
});

it('is stored for every scenario, with a tolerance that finds something', () => {
  const stored = JSON.parse(readFileSync(new URL('baseline.json', import.meta.url), 'utf8'));
  expect(Object.keys(stored.ratios)).toEqual(SCENARIO_NAMES);
  expect(stored.tolerance).toBeLessThanOrEqual(0.3);
});
