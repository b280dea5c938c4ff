import { setTimeout as sleep } from 'node:timers/promises';
import { UnitOfWorkRequired } from '#libs/database';
import { inTenant } from '#libs/tenancy';
import { testTenant } from '#libs/testing';
import { EventsStage, thingIds } from '../testing/events-stage.js';
import { ThingCalled, ThingHappened } from '../testing/things.js';
import { Outbox } from './outbox.js';

interface EventRow {
  id: string;
  type: string;
  aggregate_id: string;
  sequence: string;
  payload: object;
}

const FORBIDDEN = [
  'update platform.outbox_event set payload = payload',
  'delete from platform.outbox_event',
  'delete from platform.delivery',
  'truncate platform.delivery',
];

describe('the outbox', () => {
  let stage: EventsStage;
  const outbox = () => stage.api.get(Outbox);
  const events = () =>
    stage.database.asSuperuser<EventRow>('select * from platform.outbox_event order by created_at, id');

  beforeAll(async () => (stage = await EventsStage.set()));
  afterEach(async () => stage.reset());
  afterAll(async () => stage.strike());

  it('writes an event and one delivery per consumer in the transaction of the change', async () => {
    const [thing] = thingIds(1) as [string];
    const happened = new ThingHappened(thing, { colour: 'red' });
    await stage.happen(happened);
    expect(await events()).toMatchObject([
      { id: happened.id, type: 'test.thing.happened', aggregate_id: thing, sequence: '1', payload: { colour: 'red' } },
    ]);
    expect(await stage.deliveries()).toMatchObject([{ state: 'pending', attempts: 0, handovers: 0 }]);
  });

  it('leaves nothing of a transaction that was rolled back, not even a gap in the sequence', async () => {
    const [thing] = thingIds(1) as [string];
    const failed = stage.transaction(async () => {
      await outbox().append(new ThingHappened(thing));
      throw new Error('the business said no');
    });
    await expect(failed).rejects.toThrow('the business said no');
    expect(await events()).toEqual([]);
    expect(await stage.deliveries()).toEqual([]);
    await stage.happen(new ThingHappened(thing));
    expect(await events()).toMatchObject([{ sequence: '1' }]);
  });

  it('counts several events per aggregate in the order given, in one statement', async () => {
    const [a, b] = thingIds(2) as [string, string];
    await stage.happen(new ThingHappened(b));
    const batch = [new ThingHappened(b), new ThingHappened(a), new ThingCalled(b), new ThingHappened(a)];
    await stage.happen(...batch);
    const sequences = new Map((await events()).map(({ id, sequence }) => [id, Number(sequence)]));
    expect(batch.map(({ id }) => sequences.get(id))).toEqual([2, 1, 3, 2]);
  });

  it('makes a second writer to the aggregate wait for the first one’s end, so that sequences follow the commits', async () => {
    const [thing] = thingIds(1) as [string];
    const [first, second] = [new ThingHappened(thing), new ThingHappened(thing)];
    let secondIsIn = false;
    let waiting: Promise<void> = Promise.resolve();
    await stage.transaction(async () => {
      await outbox().append(first);
      waiting = stage.happenFor(stage.tenant, second).then(() => void (secondIsIn = true));
      await sleep(200);
      expect(secondIsIn).toBe(false);
    });
    await waiting;
    expect(await events()).toMatchObject([
      { id: first.id, sequence: '1' },
      { id: second.id, sequence: '2' },
    ]);
  });

  it('loses and doubles no sequence when many write to one aggregate', async () => {
    const [thing] = thingIds(1) as [string];
    await Promise.all(Array.from({ length: 20 }, (_, index) => stage.happen(new ThingHappened(thing, { index }))));
    const sequences = (await events()).map(({ sequence }) => Number(sequence)).toSorted((a, b) => a - b);
    expect(sequences).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('counts each tenant by itself', async () => {
    const [thing] = thingIds(1) as [string];
    await stage.happen(new ThingHappened(thing));
    await stage.happenFor(testTenant(stage.database), new ThingHappened(thing));
    expect(await events()).toMatchObject([{ sequence: '1' }, { sequence: '1' }]);
  });

  it('writes deliveries that are done already inside settleInline', async () => {
    const [thing] = thingIds(1) as [string];
    const happened = new ThingHappened(thing);
    const settled = await stage.transaction(() => outbox().settleInline(() => outbox().append(happened)));
    expect(settled.events).toEqual([happened]);
    expect(await stage.deliveries()).toMatchObject([{ state: 'done' }]);
  });

  it('refuses an event outside a unit of work', async () => {
    const [thing] = thingIds(1) as [string];
    await expect(inTenant(stage.tenant, () => outbox().append(new ThingHappened(thing)))).rejects.toThrow(
      UnitOfWorkRequired,
    );
  });

  it('cannot be changed or deleted by the application', async () => {
    const [thing] = thingIds(1) as [string];
    await stage.happen(new ThingHappened(thing));
    for (const statement of FORBIDDEN) {
      await expect(stage.transaction(() => stage.sql(statement))).rejects.toThrow('permission denied');
    }
  });
});
