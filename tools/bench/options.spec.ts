import { benchOptions, SCENARIO_NAMES } from './options.mjs';

it('measures all scenarios unless it is told which', () => {
  expect(benchOptions([])).toMatchObject({ mode: 'ratios', scenarios: SCENARIO_NAMES, rounds: 5, seconds: 5 });
  expect(benchOptions(['--only', 'order_placement,catalogue_cached']).scenarios).toEqual([
    'catalogue_cached',
    'order_placement',
  ]);
});

it('takes the sizes of both data sets', () => {
  const { mode, few, many } = benchOptions(['--scale', '--few', '2x20', '--many', '30x3000']);
  expect({ mode, few, many }).toEqual({
    mode: 'scale',
    few: { tenants: 2, orders: 20 },
    many: { tenants: 30, orders: 3_000 },
  });
});

it.each([
  [['--only', 'catalog'], 'There is no scenario "catalog"'],
  [['--seconds', '0'], '--seconds takes a whole number'],
  [['--seconds', '1.5'], '--seconds takes a whole number'],
  [['--rounds', 'many'], '--rounds takes a whole number'],
  [['--many', '10000'], '--many takes <tenants>x<orders>'],
  [['--few', '10x5'], 'at least one order a tenant'],
  [['--check', '--save-baseline'], 'Either --check'],
  [['--scale', '--memory'], 'Either --scale'],
  [['--fast'], '--fast'],
  [['order_placement'], 'order_placement'],
])('refuses %j in one sentence', (args, words) => {
  expect(() => benchOptions(args)).toThrow(words);
});
