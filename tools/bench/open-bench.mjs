import { DEFAULT_NAMES } from '../stack/bootstrap-sql.mjs';
import { step } from '../stack/progress.mjs';
import { BenchStack } from './bench-stack.mjs';
import { buildData } from './data/build.mjs';
import { slugOf } from './data/ids.mjs';
import { signIn } from './data/template.mjs';

const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1);
const silently = (work) => work.then(() => undefined);

/** Access tokens of tenants' owners, each signed in as people do. @returns {Promise<[number, string][]>} */
export async function signInAll(url, tenants) {
  const signedIn = [];
  for (const tenant of tenants) signedIn.push([tenant, await signIn(url, slugOf(tenant))]);
  return signedIn;
}

function describe({ tenants, products, orders }) {
  const count = (value) => value.toLocaleString('en');
  return `${count(tenants)} tenants with ${products} products and ${count(orders)} orders each`;
}

/**
 * Starts what is to be measured, on data of a given size.
 * @param {{ home: string, suffix: string }} place of the stack
 * @param {{ tenants: number, products: number, customers: number, orders: number }} size all but `tenants` per tenant
 * @param {{ processes: ('api' | 'uncached' | 'bare')[], profiles?: boolean }} options `profiles`: the api can write CPU profiles
 * @returns {Promise<{ stack: BenchStack, size: object, tenants: number[] }>} what scenarios take
 */
export async function openBench(place, size, { processes, profiles }) {
  const stack = new BenchStack(place, { profiles });
  await step('PostgreSQL and Redis', () => stack.openServers());
  await step('Migrations', () => stack.migrate());
  await step('The api', () => silently(stack.startApi('api')));
  const databases = (work) => stack.withDatabases(work);
  const target = {
    primary: stack.stack.primary,
    database: DEFAULT_NAMES.tenantDatabase,
    apiUrl: stack.url('api'),
    size,
  };
  await step(describe(size), () => databases((clients) => buildData({ ...target, ...clients })));
  if (processes.includes('uncached'))
    await step('The api without its cache', () => silently(stack.startApi('uncached')));
  if (processes.includes('bare')) await step('The bare server', () => silently(stack.startBare()));
  return { stack, size, tenants: upTo(size.tenants) };
}
