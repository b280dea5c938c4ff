import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { UnitOfWork } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { inTenant } from '#libs/tenancy';
import { DeadLetterNotFound, DeadLetters } from '../dead-letters.js';
import { EventsStage, thingIds } from '../testing/events-stage.js';
import { ThingHappened } from '../testing/things.js';
import { DeliveryRunner } from './delivery-runner.js';

class ServerAway extends DomainError {
  static readonly code = 'test.server_away';
  static readonly kind = 'unavailable';
}

describe('a transactional consumer', () => {
  let stage: EventsStage;
  let consumers: TestingModule;
  let runner: DeliveryRunner;
  let deadLetters: DeadLetters;
  let happened: ThingHappened;
  const [thing] = thingIds(1) as [string];
  const run = async (event: ThingHappened = happened) => runner.run(await stage.job(event), 0);
  const fails = (message: string) => (stage.script.after = async () => Promise.reject(new Error(message)));
  /** What the relay does when the time has come. */
  const comeDue = () =>
    stage.database.asSuperuser(`update platform.delivery set due_at = now() where state = 'pending'`);

  beforeAll(async () => {
    stage = await EventsStage.set();
    consumers = await stage.consumers();
    runner = consumers.get(DeliveryRunner);
    deadLetters = stage.api.get(DeadLetters);
  });
  beforeEach(async () => {
    happened = new ThingHappened(thing);
    await stage.happen(happened);
  });
  afterEach(async () => stage.reset());
  afterAll(async () => stage.strike());

  it('has its effect and its completion in one transaction', async () => {
    expect(await run()).toBe('done');
    expect(await stage.effects()).toEqual([{ eventId: happened.id, aggregateId: thing, sequence: 1 }]);
    expect(await stage.delivery(happened.id)).toMatchObject({ state: 'done', attempts: 0 });
  });

  it('does nothing for a job that comes again', async () => {
    await run();
    expect(await run()).toBe('left');
    expect(await stage.effects()).toHaveLength(1);
    expect(stage.script.callsFor(happened.id)).toBe(1);
  });

  it('lets one of two workers through when a job runs twice at once', async () => {
    const second = (await stage.consumers()).get(DeliveryRunner);
    const job = await stage.job(happened);
    const outcomes = await Promise.all([runner.run(job, 0), second.run(job, 0), runner.run(job, 0)]);
    expect(outcomes.toSorted()).toEqual(['done', 'left', 'left']);
    expect(await stage.effects()).toHaveLength(1);
  });

  it('puts an event that comes before its predecessor off without spending an attempt', async () => {
    const next = new ThingHappened(thing);
    await stage.happen(next);
    expect(await run(next)).toBe('left');
    expect(await stage.delivery(next.id)).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await stage.delivery(next.id)).due_in_ms).toBeGreaterThan(0);
    expect(stage.script.callsFor(next.id)).toBe(0);
    await run();
    await comeDue();
    expect(await run(next)).toBe('done');
    expect((await stage.effects()).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('leaves nothing of a failed attempt but the attempt', async () => {
    fails('no such account');
    expect(await run()).toBe('retried');
    expect(await stage.effects()).toEqual([]);
    const delivery = await stage.delivery(happened.id);
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1, last_error: 'Error: no such account' });
    expect(delivery.due_in_ms).toBeGreaterThan(100);
    expect(await run()).toBe('left');
  });

  it('is dead after the attempts of its queue, holds the aggregate up, and lives again when it is replayed', async () => {
    const next = new ThingHappened(thing);
    await stage.happen(next);
    fails('never');
    for (const outcome of ['retried', 'retried', 'dead']) {
      expect(await run()).toBe(outcome);
      await comeDue();
    }
    expect(stage.script.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(await run(next)).toBe('left');
    const { items } = await inTenant(stage.tenant, () => deadLetters.list());
    expect(items).toMatchObject([{ eventType: 'test.thing.happened', attempts: 3, lastError: 'Error: never' }]);

    stage.script.after = async () => undefined;
    await inTenant(stage.tenant, () => deadLetters.replay(items[0]?.id ?? ''));
    await expect(inTenant(stage.tenant, () => deadLetters.replay(items[0]?.id ?? ''))).rejects.toThrow(
      DeadLetterNotFound,
    );
    expect([await run(), await run(next)]).toEqual(['done', 'done']);
    expect((await stage.effects()).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('lets the aggregate go on when its dead letter is discarded', async () => {
    const next = new ThingHappened(thing);
    await stage.happen(next);
    fails('never');
    for (let attempt = 0; attempt < 3; attempt++) {
      await run();
      await comeDue();
    }
    stage.script.after = async () => undefined;
    const { id } = await stage.delivery(happened.id);
    await inTenant(stage.tenant, () => deadLetters.discard(id));
    expect([await run(), await run(next)]).toEqual(['left', 'done']);
    expect(await stage.delivery(happened.id)).toMatchObject({ state: 'discarded' });
  });

  it('spends no attempt when a server is away', async () => {
    const outages = [new ServerAway('away'), Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })];
    for (const outage of outages) {
      stage.script.after = async () => Promise.reject(outage);
      expect(await run()).toBe('postponed');
      await comeDue();
    }
    expect(await stage.delivery(happened.id)).toMatchObject({ state: 'pending', attempts: 0 });
    stage.script.after = async () => undefined;
    expect(await run()).toBe('done');
  });

  it('comes back after a deferral, with what it wrote before it', async () => {
    stage.script.after = async (_event, delivery) => {
      if (stage.script.callsFor(happened.id) === 1) await delivery.defer(60_000);
    };
    expect(await run()).toBe('deferred');
    expect(await stage.delivery(happened.id)).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await stage.delivery(happened.id)).due_in_ms).toBeGreaterThan(50_000);
    await comeDue();
    expect(await run()).toBe('done');
    expect(await stage.effects()).toHaveLength(2);
  });

  it('is interrupted when the worker stops, and that is nobody’s failure', async () => {
    const stop = new AbortController();
    stage.script.after = async () => {
      stop.abort('the worker stops');
      await new Promise(() => undefined);
    };
    expect(await runner.run(await stage.job(happened), 0, stop.signal)).toBe('postponed');
    expect(await stage.effects()).toEqual([]);
    expect(await stage.delivery(happened.id)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('cannot write any more when it runs on after it was interrupted', async () => {
    const stop = new AbortController();
    let later: Promise<void> = Promise.resolve();
    stage.script.after = async () => {
      later = sleep(100)
        .then(() => consumers.get(UnitOfWork).query('select 1'))
        .then(() => undefined);
      stop.abort('the worker stops');
      await later;
    };
    expect(await runner.run(await stage.job(happened), 0, stop.signal)).toBe('postponed');
    await expect(later).rejects.toThrow('transaction.ended');
  });

  it('is left to a newer worker when this one does not know the consumer', async () => {
    const job = { ...(await stage.job(happened)), consumer: 'test.of-tomorrow' };
    expect(await runner.run(job, 0)).toBe('postponed');
    expect(await stage.delivery(happened.id)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('is put with the dead letters when it ended one worker after the other', async () => {
    expect(await runner.run(await stage.job(happened), 11)).toBe('dead');
    expect(stage.script.callsFor(happened.id)).toBe(0);
    expect((await stage.delivery(happened.id)).last_error).toContain('ended its worker 11 times');
  });
});
