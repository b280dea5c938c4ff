import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL, privateFolder, requireDisk } from '../stack/home.mjs';
import { identityOf, isAlive, stopAll } from '../stack/processes.mjs';
import { UserFault, say } from '../stack/progress.mjs';
import { ledgerOf } from '../stack/stack.mjs';
import { scaleFactor } from './figures.mjs';
import { runLoad } from './load/run-load.mjs';
import { openBench, signInAll } from './open-bench.mjs';
import { CATALOGUE_CONNECTIONS, ORDER_CLIENTS, PAGE } from './scenarios.mjs';
import { aligned } from './table.mjs';

/** p95 with many may be so much above p95 with few (issue 3, section 8). */
const FACTOR_MAX = 1.3;

const PRODUCTS = 100;
const CUSTOMERS = 50;
/** Tenants whose owners sign in: each costs a password hash. */
const SIGNED_IN_MAX = 200;
const WARM_UP_SECONDS_MAX = 300;
/** Fewer than may read past the cache at once (CACHE_SOURCE_CONCURRENCY): none of these is refused. */
const WARM_UP_CONNECTIONS = 4;
/** An order with its lines and all indexes; the rest of a tenant. */
const ORDER_BYTES = 3_500;
const TENANT_BYTES = 400_000;

const LOADS = {
  catalogue: ({ stack, tenants }) => ({
    kind: 'get',
    port: stack.ports.api,
    connections: CATALOGUE_CONNECTIONS,
    path: PAGE,
    tenants,
    expect: 200,
  }),
  catalogue_pages: ({ stack, tenants }) => ({
    kind: 'getPages',
    port: stack.ports.api,
    connections: CATALOGUE_CONNECTIONS,
    pages: pagesOf(tenants),
    expect: 200,
  }),
  catalogue_uncached: ({ stack, tenants }) => ({
    kind: 'get',
    port: stack.ports.uncached,
    connections: CATALOGUE_CONNECTIONS,
    path: PAGE,
    tenants,
    expect: 200,
  }),
  order_page: ({ stack, signedIn }) => ({
    kind: 'getSignedIn',
    port: stack.ports.api,
    connections: ORDER_CLIENTS,
    path: '/v1/sales-orders?limit=20',
    signedIn,
    expect: 200,
  }),
  order_placement: ({ stack, signedIn, size }) => ({
    kind: 'order',
    port: stack.ports.api,
    connections: ORDER_CLIENTS,
    signedIn,
    products: size.products,
    customers: size.customers,
    expect: 201,
  }),
};

/**
 * Of few tenants each page, of many one each: from ten tenants on, in both more pages than connections. A page that several connections ask for at
 * the same time is read once for all of them, which says nothing about how many tenants there are.
 */
function pagesOf(tenants) {
  const pathOf = (index) => `/v1/catalog/products?limit=${11 + (index % 20)}`;
  if (tenants.length > 200) return tenants.map((tenant) => [tenant, pathOf(tenant)]);
  return Array.from({ length: 20 }, (_, index) => pathOf(index)).flatMap((path) =>
    tenants.map((tenant) => [tenant, path]),
  );
}

/** The folder of a data set, which stays for the next time; one that another bench uses is left alone. */
function claimKept({ tenants, orders }) {
  const name = `${tenants}x${orders}`;
  const home = privateFolder(join(LOCAL, 'bench', name));
  const file = join(home, 'owner.json');
  if (existsSync(file) && isAlive(JSON.parse(readFileSync(file, 'utf8')))) {
    throw new UserFault(`Another bench is using ${home}; wait for its end.`);
  }
  writeFileSync(file, JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) }));
  return { home, suffix: `-bench-${name}` };
}

function requireRoom({ home }, { tenants, orders }) {
  if (existsSync(join(home, 'complete'))) return;
  requireDisk(home, Math.ceil((tenants * TENANT_BYTES + orders * ORDER_BYTES) / 1e6) + 4_000);
}

async function open({ tenants, orders }, keep) {
  const place = claimKept({ tenants, orders });
  keep(place);
  await stopAll(ledgerOf(place.home));
  requireRoom(place, { tenants, orders });
  const size = { tenants, products: PRODUCTS, customers: CUSTOMERS, orders: Math.floor(orders / tenants) };
  const bench = await openBench(place, size, { processes: ['api', 'uncached'] });
  writeFileSync(join(place.home, 'complete'), '');
  const chosen = Math.min(tenants, SIGNED_IN_MAX);
  const spread = Array.from({ length: chosen }, (_, index) => 1 + Math.floor((index * tenants) / chosen));
  bench.signedIn = await signInAll(bench.stack.url('api'), spread);
  return bench;
}

/**
 * Where few tenants are, the cache has every page after a moment: it shall have them where many are, or the first visit of
 * each would be compared with the hundredth. What a first visit costs is what `catalogue_uncached` says.
 */
async function everyPageOnce(name, bench) {
  if (name !== 'catalogue' && name !== 'catalogue_pages') return;
  const load = LOADS[name](bench);
  const count = (load.pages ?? load.tenants).length;
  await runLoad({ ...load, connections: WARM_UP_CONNECTIONS, count, seconds: WARM_UP_SECONDS_MAX });
}

async function compare(name, few, many, { rounds, seconds }) {
  const run = (bench, duration) => runLoad({ ...LOADS[name](bench), seconds: duration });
  for (const bench of [few, many]) {
    await everyPageOnce(name, bench);
    await run(bench, Math.max(seconds, 5));
  }
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    measured.push({ few: await run(few, seconds), many: await run(many, seconds) });
  }
  const found = scaleFactor(measured);
  say(`  ${name}: ${found.fewMs} ms → ${found.manyMs} ms`);
  return { name, ...found };
}

/**
 * Whether cost grows with the number of tenants and orders: the same load on two data sets in turn.
 * @param {object} options
 * @param {(place: { home: string }) => void} keep is told of every stack that is opened, to end it
 * @throws {UserFault} when something is dearer than 1.3 times
 */
export async function benchScale(options, keep) {
  const few = await open(options.few, keep);
  const many = await open(options.many, keep);
  say('');
  const found = [];
  for (const name of Object.keys(LOADS)) found.push(await compare(name, few, many, options));
  const rows = found.map(({ name, fewMs, manyMs, factor }) => [
    name,
    fewMs.toFixed(2),
    manyMs.toFixed(2),
    factor.toFixed(2),
  ]);
  say(`\n${aligned([['p95, ms', 'few', 'many', 'factor'], ...rows])}`);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(found, null, 2)}\n`);
  const dearer = found.filter(({ factor }) => factor > FACTOR_MAX).map(({ name }) => name);
  if (dearer.length > 0) throw new UserFault(`More than ${FACTOR_MAX} times as slow with many: ${dearer.join(', ')}.`);
}
