import { setTimeout as sleep } from 'node:timers/promises';
import { EventsStage, thingIds, until } from '../testing/events-stage.js';
import { ThingHappened } from '../testing/things.js';
import { WorkerProcess } from '../testing/worker-process.js';

describe('a worker that is killed', () => {
  let stage: EventsStage;
  const workers = new Set<WorkerProcess>();
  const start = async () => {
    const worker = await WorkerProcess.start(stage);
    workers.add(worker);
    return worker;
  };
  // The effect is written and not committed; the relay's own short transactions are something else.
  const open = () =>
    stage.database.asSuperuser<{ count: number }>(
      `select count(*)::int from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction' and query like '%insert into effect%'`,
    );
  const inTheMiddle = () => until(async () => ((await open())[0]?.count ?? 0) > 0, 20_000);
  const sequencesByThing = async () => {
    const effects = Map.groupBy(await stage.effects(), ({ aggregateId }) => aggregateId);
    return [...effects.values()].map((rows) => rows.map(({ sequence }) => sequence));
  };

  beforeEach(async () => (stage = await EventsStage.set()));
  afterEach(async () => {
    for (const worker of workers) await worker.end();
    workers.clear();
    await stage.strike();
  });

  it('in the middle of its work leaves the work to another one, which has its effect once', async () => {
    const [thing] = thingIds(1) as [string];
    const first = await start();
    await stage.happen(new ThingHappened(thing, { sleepMs: 1_500 }));
    await inTheMiddle();
    await first.end('SIGKILL');
    expect(await stage.effects()).toEqual([]);
    await start();
    await stage.quiet(30_000);
    expect(await stage.effects()).toMatchObject([{ sequence: 1 }]);
    expect(await stage.deliveries()).toMatchObject([{ state: 'done', attempts: 0 }]);
  }, 60_000);

  it('again and again, with another one beside it, loses and doubles nothing and keeps the order', async () => {
    const things = thingIds(12);
    await start();
    let victim = await start();
    for (let round = 0; round < 4; round++) {
      await Promise.all(things.map((thing) => stage.happen(new ThingHappened(thing, { sleepMs: 30 }))));
      await sleep(120);
      await victim.end('SIGKILL');
      victim = await start();
    }
    await stage.quiet(45_000);
    expect(await sequencesByThing()).toEqual(things.map(() => [1, 2, 3, 4]));
  }, 90_000);

  it('by SIGTERM ends its work first', async () => {
    const [thing] = thingIds(1) as [string];
    const worker = await start();
    await stage.happen(new ThingHappened(thing, { sleepMs: 800 }));
    await inTheMiddle();
    await worker.end('SIGTERM');
    expect(await stage.effects()).toHaveLength(1);
    expect(await stage.deliveries()).toMatchObject([{ state: 'done' }]);
  }, 60_000);

  it('was only paused, past all its locks in Redis, and wakes up: its effect is there once', async () => {
    const [thing] = thingIds(1) as [string];
    const paused = await start();
    await stage.happen(new ThingHappened(thing, { sleepMs: 1_000 }));
    await inTheMiddle();
    paused.signal('SIGSTOP');
    await start();
    // BullMQ gives the job to the other worker after 5 to 7.5 s; the row's lock keeps that one out.
    await sleep(9_000);
    expect(await stage.effects()).toEqual([]);
    paused.signal('SIGCONT');
    await stage.quiet(30_000);
    expect(await stage.effects()).toMatchObject([{ sequence: 1 }]);
  }, 60_000);
});
