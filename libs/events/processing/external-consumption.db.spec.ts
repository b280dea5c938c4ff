import { setTimeout as sleep } from 'node:timers/promises';
import { EventsStage, thingIds, until } from '../testing/events-stage.js';
import { ThingCalled } from '../testing/things.js';
import { DeliveryRunner } from './delivery-runner.js';

describe('an external consumer', () => {
  let stage: EventsStage;
  let runner: DeliveryRunner;
  let second: DeliveryRunner;
  let called: ThingCalled;
  const run = async (by: DeliveryRunner = runner) => by.run(await stage.job(called), 0);
  const happen = async (payload = {}) => {
    called = new ThingCalled(thingIds(1)[0] ?? '', payload);
    await stage.happen(called);
  };
  /** The lease of a worker that is not heard of any more runs out. */
  const leaseRunsOut = () =>
    stage.database.asSuperuser(`update platform.delivery set lease_until = now() - interval '1 s'`);

  beforeAll(async () => {
    stage = await EventsStage.set();
    runner = (await stage.consumers()).get(DeliveryRunner);
    second = (await stage.consumers()).get(DeliveryRunner);
  });
  afterEach(async () => stage.reset());
  afterAll(async () => stage.strike());

  it('completes its delivery in its own unit of work', async () => {
    await happen();
    expect(await run()).toBe('done');
    expect(await stage.effects()).toHaveLength(1);
    expect(await stage.delivery(called.id)).toMatchObject({ state: 'done' });
    expect(await run()).toBe('left');
  });

  it('is not called by a second worker while the first one is at it, however long that takes', async () => {
    await happen();
    let release: () => void = () => undefined;
    stage.script.before = () => new Promise((resolve) => (release = resolve));
    const first = run();
    await until(() => stage.script.callsFor(called.id) === 1);
    // Longer than a lease lasts without being renewed.
    await sleep(2_000);
    expect(await run(second)).toBe('left');
    release();
    expect(await first).toBe('done');
    expect(stage.script.callsFor(called.id)).toBe(1);
  });

  it('is refused when it wakes up after another worker has taken over', async () => {
    await happen();
    const releases: (() => void)[] = [];
    stage.script.before = () => new Promise((resolve) => releases.push(resolve));
    const paused = run();
    await until(() => releases.length === 1);
    await leaseRunsOut();
    const other = run(second);
    await until(() => releases.length === 2);
    releases[1]?.();
    expect(await other).toBe('done');
    releases[0]?.();
    expect(await paused).toBe('lost');
    expect(await stage.effects()).toHaveLength(1);
    expect(await stage.delivery(called.id)).toMatchObject({ state: 'done', attempts: 0 });
  });

  it('has failed when it returns without completing', async () => {
    await happen({ complete: false });
    expect(await run()).toBe('retried');
    const { last_error } = await stage.delivery(called.id);
    expect(last_error).toContain("consumer 'test.calling' returned without completing");
  });

  it('spends an attempt when the outside world refuses', async () => {
    await happen();
    stage.script.before = async () => Promise.reject(new Error('550 no such mailbox'));
    expect(await run()).toBe('retried');
    expect(await stage.delivery(called.id)).toMatchObject({ attempts: 1, last_error: 'Error: 550 no such mailbox' });
  });

  it('may defer without spending an attempt', async () => {
    await happen({ complete: false });
    stage.script.before = (_event, delivery) => delivery.defer(30_000);
    expect(await run()).toBe('deferred');
    const delivery = await stage.delivery(called.id);
    expect(delivery).toMatchObject({ state: 'pending', attempts: 0 });
    expect(delivery.due_in_ms).toBeGreaterThan(20_000);
  });

  it('cannot complete outside a unit of work', async () => {
    await happen();
    stage.script.before = (_event, delivery) => delivery.complete();
    expect(await run()).toBe('retried');
    expect((await stage.delivery(called.id)).last_error).toContain('unit_of_work.required');
  });

  it('leaves its delivery to the next worker when its own dies', async () => {
    await happen();
    stage.script.before = () => new Promise(() => undefined);
    const dead = run();
    await until(() => stage.script.callsFor(called.id) === 1);
    await leaseRunsOut();
    stage.script.before = async () => undefined;
    expect(await run(second)).toBe('done');
    expect(await stage.effects()).toHaveLength(1);
    // It was not dead after all: its next heartbeat tells it.
    expect(await dead).toBe('lost');
  });
});
