import { entriesFor, type EntriesStage, formsWith, valueIn } from '#libs/cache/testing';
import { testStack } from '#libs/testing';
import { ReplicatedWidgets } from '../support/replicated-widgets.js';

const LAG_MS = 1_500;
const ROUNDS = 20;

let system: ReplicatedWidgets;
let cache: EntriesStage;
let written = 0;

beforeAll(async () => {
  system = await ReplicatedWidgets.open('cache');
  cache = await entriesFor(testStack().redis.cache, { tenantId: system.tenant.id });
  const { stack } = system;
  await stack.postgres.delayReplay(stack.replica(), LAG_MS);
  await system.untilSplit();
});

afterAll(async () => {
  cache?.close();
  await system?.close();
});

type Fill = 'as it is' | 'from a replica';

/** How many widgets there are, as a request that may read from replicas sees it through the cache. */
async function counted(fill: Fill): Promise<number> {
  const ref = cache.ref(`count ${fill}`.replaceAll(' ', '-'), ['widgets']);
  const count = async () => {
    const rows = await system.unitOfWork.read(() => system.unitOfWork.query('select from widget'));
    return formsWith(String(rows.length));
  };
  const source = fill === 'as it is' ? count : () => system.request(count);
  return system.request(async () => {
    const seen = await cache.entries.look(ref, '');
    return Number(
      seen.state === 'fresh' ? seen.payload.toString() : valueIn(await cache.entries.obtain(ref, '', source)),
    );
  });
}

/** Writes and flushes, as a verb does after its commit, and reads: how often was the write not shown? */
async function staleReads(fill: Fill): Promise<number> {
  let stale = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await counted(fill);
    await system.write(`widget ${fill} ${round}`);
    await cache.store.flush(cache.ref('any', ['widgets']).tagKeys);
    written += 1;
    if ((await counted(fill)) < written) stale += 1;
  }
  return stale;
}

it('keeps nothing that a lagging replica shows: what fills it is read from the primary', async () => {
  expect(await staleReads('as it is')).toBe(0);
});

it('would keep the state before a flush if it were filled from a replica', async () => {
  expect(await staleReads('from a replica')).toBeGreaterThan(0);
});
