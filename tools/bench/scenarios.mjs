import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { DEFAULT_NAMES } from '../stack/bootstrap-sql.mjs';
import { redisUrls } from '../stack/environment.mjs';
import { UserFault } from '../stack/progress.mjs';
import { createPlaceOrder, runPgbench } from './bare/place-order.mjs';
import { call } from './data/http.mjs';
import { slugOf } from './data/ids.mjs';
import { runLoad } from './load/run-load.mjs';

/** A page of 20 products, as the front page of a shop asks for it. */
export const PAGE = '/v1/catalog/products?limit=20';

/** What the targets are set for (issue 3, section 8). */
export const CATALOGUE_CONNECTIONS = 64;
export const ORDER_CLIENTS = 16;

/** The bytes of each tenant's page and its entity tag, as the api answers. */
async function pagesOf(url, tenants) {
  const pages = {};
  for (const tenant of tenants) {
    const { headers, text } = await call(url, 'GET', PAGE, { tenant: slugOf(tenant) });
    pages[tenant] = { text, etag: headers.get('etag') };
  }
  return pages;
}

/** Puts the very bytes that the api answers into Redis, for the bare server to give. */
async function storePages(stack, pages) {
  const redis = new Redis(redisUrls(stack.stack).cache);
  try {
    for (const [tenant, { text }] of Object.entries(pages)) await redis.set(`bench:page:${tenant}`, text);
  } finally {
    redis.disconnect();
  }
}

const bareCatalogue = (path) => (bench, seconds) =>
  runLoad({
    kind: 'getPaths',
    port: bench.stack.ports.bare,
    connections: CATALOGUE_CONNECTIONS,
    paths: bench.tenants.map((tenant) => `${path}/${tenant}`),
    seconds,
    expect: 200,
  });

const catalogue =
  (process, { expect = 200, etagsOf = () => ({}) } = {}) =>
  (bench, seconds) =>
    runLoad({
      kind: 'get',
      port: bench.stack.ports[process],
      connections: CATALOGUE_CONNECTIONS,
      path: PAGE,
      tenants: bench.tenants,
      etags: etagsOf(bench),
      seconds,
      expect,
    });

async function prepareCached(bench) {
  bench.pages = await pagesOf(bench.stack.url('api'), bench.tenants);
  await storePages(bench.stack, bench.pages);
}

function etagsOf({ pages }) {
  const etags = Object.entries(pages).map(([tenant, { etag }]) => [tenant, etag]);
  if (etags.some(([, etag]) => !etag)) throw new UserFault('The catalogue pages carry no ETag.');
  return Object.fromEntries(etags);
}

async function prepareOrders(bench) {
  const { stack } = bench;
  const client = await stack.superuser(DEFAULT_NAMES.tenantDatabase);
  try {
    const statement = await createPlaceOrder(client, bench.size);
    bench.orderScript = join(stack.place.home, 'place-order.sql');
    writeFileSync(bench.orderScript, `\\set tenant random(1, ${bench.size.tenants})\n${statement}\n`);
  } finally {
    await client.end();
  }
}

/**
 * What is measured, each beside its bare limit. `process` is the one of ours that does the work, `bareProcess` the one that does
 * it barely (none when the database alone does), `prepare` comes once, `run` and
 * `limit` measure for some seconds and give figures with a `rate` per second.
 */
export const SCENARIOS = {
  catalogue_cached: {
    process: 'api',
    bareProcess: 'bare',
    against: 'Fastify + one Redis GET of the same bytes',
    prepare: prepareCached,
    run: catalogue('api'),
    limit: bareCatalogue('/cached'),
  },
  catalogue_not_modified: {
    process: 'api',
    bareProcess: 'bare',
    against: 'Fastify + one Redis GET of the same bytes',
    prepare: prepareCached,
    run: catalogue('api', { expect: 304, etagsOf }),
    limit: bareCatalogue('/cached'),
  },
  catalogue_uncached: {
    process: 'uncached',
    bareProcess: 'bare',
    against: 'Fastify + pg: BEGIN, SET LOCAL, SELECT, COMMIT in one flush',
    prepare: async () => undefined,
    run: catalogue('uncached'),
    limit: bareCatalogue('/uncached'),
  },
  order_placement: {
    process: 'api',
    against: 'one plpgsql function under pgbench',
    prepare: prepareOrders,
    run: ({ stack, signedIn, size }, seconds) =>
      runLoad({
        kind: 'order',
        port: stack.ports.api,
        connections: ORDER_CLIENTS,
        signedIn,
        products: size.products,
        customers: size.customers,
        seconds,
        expect: 201,
      }),
    limit: ({ stack: { stack }, orderScript }, seconds) =>
      runPgbench({ stack, file: orderScript, clients: ORDER_CLIENTS, seconds }),
  },
};
