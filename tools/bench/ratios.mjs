import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../stack/home.mjs';
import { UserFault, say } from '../stack/progress.mjs';
import { regressions, updated } from './baseline.mjs';
import { reported } from './figures.mjs';
import { measure } from './measure.mjs';
import { openBench, signInAll } from './open-bench.mjs';
import { profiled } from './profile.mjs';
import { residentMegabytes } from './process-figures.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { ratioTable } from './table.mjs';

const BASELINE = join(ROOT, 'tools/bench/baseline.json');
const PRODUCTS = 500;
const CUSTOMERS = 200;
const ORDERS = 1_000;

function readBaseline() {
  return existsSync(BASELINE) ? JSON.parse(readFileSync(BASELINE, 'utf8')) : { tolerance: 0.2, ratios: {} };
}

/** Measures the scenarios against their bare limits, prints the table and does what the options ask for. */
export async function benchRatios(place, options) {
  const size = { tenants: options.tenants, products: PRODUCTS, customers: CUSTOMERS, orders: ORDERS };
  const bench = await openBench(place, size, { processes: ['api', 'uncached', 'bare'], profiles: options.profile });
  bench.signedIn = await signInAll(bench.stack.url('api'), bench.tenants);
  const timing = { rounds: options.rounds, seconds: options.seconds, warmUpSeconds: Math.min(4, options.seconds) };
  const results = {};
  say('');
  for (const name of options.scenarios) {
    results[name] = await measure(name, bench, timing, say);
    if (options.profile) await profiled(name, bench, options.seconds);
  }
  report(bench, results);
  settle(options, results);
}

function report({ stack }, results) {
  say(`\n${ratioTable(results)}\n`);
  for (const name of Object.keys(results)) say(`  ${name}: the bare limit is ${SCENARIOS[name].against}`);
  for (const name of ['api', 'uncached']) say(`  ${name} holds ${residentMegabytes(stack[name].pid).toFixed(0)} MB`);
}

function settle({ json, check, saveBaseline, scenarios }, results) {
  const figures = Object.fromEntries(Object.entries(results).map(([name, one]) => [name, reported(one)]));
  if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
  if (saveBaseline) writeFileSync(BASELINE, `${JSON.stringify(updated(readBaseline(), figures), null, 2)}\n`);
  if (!check) return;
  const complaints = regressions(readBaseline(), figures, scenarios);
  if (complaints.length > 0) throw new UserFault(complaints.join('\n'));
  say('\nNo ratio is below its baseline.');
}
