import { type DatabaseAddress, UnitOfWork } from '#libs/database';
import { inTenant } from '#libs/tenancy';
import { registerTenant, testTenant } from '#libs/testing';
import { Outbox } from '../outbox/outbox.js';
import { EventsStage, thingIds, until } from '../testing/events-stage.js';
import { ThingHappened } from '../testing/things.js';
import { DeliveryBacklog } from './delivery-backlog.js';
import { DispatcherDatabase } from './dispatcher-database.js';
import { Relay } from './relay.js';

describe('the relay', () => {
  let stage: EventsStage;
  beforeEach(async () => (stage = await EventsStage.set()));
  afterEach(async () => stage.strike());

  const sequencesByThing = async () => {
    const effects = Map.groupBy(await stage.effects(), ({ aggregateId }) => aggregateId);
    return [...effects.values()].map((rows) => rows.map(({ sequence }) => sequence));
  };

  it('brings what three workers share to its consumer once, in the order of each aggregate', async () => {
    const things = thingIds(20);
    await Promise.all([stage.worker(), stage.worker(), stage.worker()]);
    for (let round = 0; round < 5; round++) {
      await Promise.all(things.map((thing) => stage.happen(new ThingHappened(thing, { round }))));
    }
    await stage.quiet();
    expect(await sequencesByThing()).toEqual(things.map(() => [1, 2, 3, 4, 5]));
  });

  it('never shows an event of a transaction that is open or was rolled back', async () => {
    await stage.worker();
    const [thing] = thingIds(1) as [string];
    const rolledBack = stage.transaction(async () => {
      await stage.api.get(Outbox).append(new ThingHappened(thing));
      await until(async () => (await stage.deliveries()).length === 0, 300);
      throw new Error('the business said no');
    });
    await expect(rolledBack).rejects.toThrow('the business said no');
    await stage.happen(new ThingHappened(thing));
    await stage.quiet();
    expect(await stage.effects()).toMatchObject([{ sequence: 1 }]);
    expect(stage.script.calls).toHaveLength(1);
  });

  it('hands a delivery over once when many relays take their turn at the same moment', async () => {
    // Their own loops sleep, and nobody takes jobs: the rounds are the spec's.
    const options = { relayPollMs: 60_000, sweepMs: 60_000, relayBatchSize: 7, queues: [] };
    const relays = await Promise.all([1, 2, 3].map(async () => (await stage.worker(options)).get(Relay)));
    await stage.happen(...thingIds(100).map((thing) => new ThingHappened(thing)));
    while ((await Promise.all(relays.map((relay) => relay.round()))).some(Boolean));
    const deliveries = await stage.deliveries();
    expect(deliveries.filter(({ state, handovers }) => state === 'handed' && handovers === 1)).toHaveLength(100);
  });

  it('serves all tenants and sees nothing of what happened to them', async () => {
    const other = testTenant(stage.database);
    await registerTenant(stage.database, other);
    await stage.worker();
    const [thing] = thingIds(1) as [string];
    await stage.happen(new ThingHappened(thing));
    await stage.happenFor(other, new ThingHappened(thing));
    await stage.quiet();
    expect(await stage.effects()).toHaveLength(2);

    const dispatcher = stage.api.get(DispatcherDatabase);
    const [database] = (await dispatcher.all()) as [DatabaseAddress];
    const look = (sql: string) => dispatcher.run(database, (transaction) => transaction.query(sql));
    expect(await look('select tenant_id, id from platform.delivery')).toHaveLength(2);
    for (const hidden of [
      'select payload from platform.outbox_event',
      'select last_error from platform.delivery',
      'select * from public.effect',
    ]) {
      await expect(look(hidden)).rejects.toThrow('permission denied');
    }
  });

  it('gives the application role itself no sight of other tenants’ deliveries', async () => {
    await stage.happen(new ThingHappened(thingIds(1)[0] ?? ''));
    const unitOfWork = stage.api.get(UnitOfWork);
    const seen = await inTenant(testTenant(stage.database), () =>
      unitOfWork.read(() => unitOfWork.query('select from platform.delivery')),
    );
    expect(seen).toEqual([]);
  });

  it('tells how much is unfinished', async () => {
    const things = thingIds(3);
    await stage.happen(...things.map((thing) => new ThingHappened(thing)));
    const backlog = stage.api.get(DeliveryBacklog);
    const [database] = (await stage.api.get(DispatcherDatabase).all()) as [DatabaseAddress];
    expect(await backlog.read(database)).toEqual([{ queue: 'high', pending: 3, handed: 0, dead: 0 }]);
    await stage.worker();
    await stage.quiet();
    expect(await backlog.read(database)).toEqual([]);
  });
});
