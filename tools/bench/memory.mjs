import { setTimeout as wait } from 'node:timers/promises';
import { UserFault, say } from '../stack/progress.mjs';
import { growthOf } from './figures.mjs';
import { runLoad } from './load/run-load.mjs';
import { openBench, signInAll } from './open-bench.mjs';
import { residentMegabytes } from './process-figures.mjs';
import { PAGE } from './scenarios.mjs';

/** What the api may hold under load (issue 3, section 8). */
const RESIDENT_MAX_MB = 250;
/** Noise of the collector; a leak of 1 KB a request is far above it after some minutes. */
const GROWTH_MAX = 0.05;
const SAMPLE_MS = 1_000;
const SLICE_SECONDS = 10;

/** Everything at once: the catalogue, lists of orders and orders being placed. */
function mixture({ stack, tenants, signedIn, size }) {
  const port = stack.ports.api;
  const { products, customers } = size;
  return [
    { kind: 'get', port, connections: 32, path: PAGE, tenants, expect: 200 },
    { kind: 'getSignedIn', port, connections: 8, path: '/v1/sales-orders?limit=20', signedIn, expect: 200 },
    { kind: 'order', port, connections: 8, signedIn, products, customers, expect: 201 },
  ];
}

async function loadFor(endsAt, plan) {
  let requests = 0;
  while (Date.now() < endsAt) requests += (await runLoad({ ...plan, seconds: SLICE_SECONDS })).requests;
  return requests;
}

async function sampled(pid, endsAt) {
  const samples = [];
  while (Date.now() < endsAt) {
    samples.push(residentMegabytes(pid));
    if (samples.length % 60 === 0) say(`  after ${samples.length / 60} min: ${samples.at(-1).toFixed(0)} MB`);
    await wait(SAMPLE_MS);
  }
  return samples;
}

/** Loads the api for some minutes and looks at its memory. @throws {UserFault} when it holds too much, or more and more */
export async function benchMemory(place, { minutes, tenants }) {
  const bench = await openBench(
    place,
    { tenants, products: 500, customers: 200, orders: 1_000 },
    { processes: ['api'] },
  );
  bench.signedIn = await signInAll(bench.stack.url('api'), bench.tenants);
  const endsAt = Date.now() + minutes * 60_000;
  const loads = mixture(bench).map((plan) => loadFor(endsAt, plan));
  const [samples, ...requests] = await Promise.all([sampled(bench.stack.api.pid, endsAt), ...loads]);
  const peak = Math.max(...samples);
  const growth = growthOf(samples);
  const total = requests.reduce((sum, count) => sum + count, 0);
  say(`\n${total} requests in ${minutes} min: at most ${peak.toFixed(0)} MB, growth ${(growth * 100).toFixed(1)} %`);
  if (peak > RESIDENT_MAX_MB)
    throw new UserFault(`The api held ${peak.toFixed(0)} MB; ${RESIDENT_MAX_MB} are allowed.`);
  if (growth > GROWTH_MAX) throw new UserFault(`The api's memory grew by ${(growth * 100).toFixed(1)} %.`);
}
