import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClients, QueuesUnavailable } from '#libs/queues';
import { EventsStage, thingIds, until } from '../testing/events-stage.js';
import { PrivateRedis } from '../testing/private-redis.js';
import { ThingCalled, ThingHappened } from '../testing/things.js';
import { Relay } from './relay.js';
import { Sweeper } from './sweeper.js';

describe('a Redis that loses everything', () => {
  let redis: PrivateRedis;
  let stage: EventsStage;

  beforeAll(async () => (redis = await PrivateRedis.start()));
  beforeEach(async () => (stage = await EventsStage.set(redis.url)));
  afterEach(async () => stage.strike());
  afterAll(async () => redis.kill());

  const sequencesByThing = async () => {
    const effects = Map.groupBy(await stage.effects(), ({ aggregateId }) => aggregateId);
    return [...effects.values()].map((rows) => rows.map(({ sequence }) => sequence));
  };

  it('loses and doubles no event when it is wiped again and again', async () => {
    const things = thingIds(30);
    await Promise.all([stage.worker(), stage.worker()]);
    stage.script.before = () => sleep(20);
    const enough = new AbortController();
    const wipes = (async () => {
      for (; !enough.signal.aborted; await sleep(150)) await redis.flushAll();
    })();
    for (let round = 0; round < 4; round++) {
      await Promise.all(things.map((thing) => stage.happen(new ThingHappened(thing, { round }))));
      await sleep(100);
    }
    enough.abort();
    await wipes;
    await stage.quiet(40_000);
    expect(await sequencesByThing()).toEqual(things.map(() => [1, 2, 3, 4]));
    const again = (await stage.deliveries()).filter(({ handovers }) => handovers > 1);
    expect(again.length).toBeGreaterThan(0);
  }, 90_000);

  it('would lose what was in the queues without the sweeper, which takes back only what has lost its job', async () => {
    // Nobody takes jobs, and the loops stand still: the rounds are the spec's.
    const waiting = await stage.worker({ queues: [], sweepAfterMs: 0 });
    const [relay, sweeper] = [waiting.get(Relay), waiting.get(Sweeper)];
    await Promise.all([relay.onModuleDestroy(), sweeper.onModuleDestroy()]);
    await stage.happen(...thingIds(5).map((thing) => new ThingHappened(thing)));
    await relay.round();
    expect(await sweeper.round()).toBe(0);
    await redis.flushAll();
    await relay.round();
    expect((await stage.deliveries()).map(({ state }) => state)).toEqual(Array(5).fill('handed'));
    expect(await sweeper.round()).toBe(5);
    expect((await stage.deliveries()).map(({ state }) => state)).toEqual(Array(5).fill('pending'));
    await stage.worker();
    await stage.quiet();
    expect(await stage.effects()).toHaveLength(5);
  }, 60_000);

  it('does not call outside a second time because it was wiped during the call', async () => {
    await stage.worker();
    let release: () => void = () => undefined;
    stage.script.before = () => new Promise((resolve) => (release = resolve));
    const called = new ThingCalled(thingIds(1)[0] ?? '');
    await stage.happen(called);
    await until(() => stage.script.callsFor(called.id) === 1);
    await redis.flushAll();
    await sleep(2_500);
    release();
    await stage.quiet();
    expect(stage.script.callsFor(called.id)).toBe(1);
  }, 60_000);

  it('stops neither the api nor the events while it is away, and all is done when it is back', async () => {
    const things = thingIds(10);
    await stage.worker();
    await stage.happen(...things.map((thing) => new ThingHappened(thing)));
    await redis.kill();
    await expect(stage.api.get(QueueClients).ping()).rejects.toThrow(QueuesUnavailable);
    await stage.happen(...things.map((thing) => new ThingHappened(thing)));
    await sleep(1_000);
    await redis.restart();
    await stage.quiet(40_000);
    expect(await sequencesByThing()).toEqual(things.map(() => [1, 2]));
    expect(await stage.api.get(QueueClients).depths()).toMatchObject({ high: { waiting: 0, delayed: 0 } });
  }, 90_000);

  it('lets a worker start and stop while it is away', async () => {
    await redis.kill();
    const worker = await stage.worker({ drainMs: 500 });
    await sleep(300);
    await expect(stage.stop(worker)).resolves.toBeUndefined();
    await redis.restart();
  }, 60_000);
});
