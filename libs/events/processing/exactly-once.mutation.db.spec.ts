import { EventsStage, thingIds } from '../testing/events-stage.js';
import { ThingHappened } from '../testing/things.js';
import { DeliveryRows } from './delivery-rows.js';
import { DeliveryRunner } from './delivery-runner.js';

/** Takes the checks out: every delivery is free, and completing one that is finished is no failure. */
function makeCredulous(rows: DeliveryRows): void {
  const claim = rows.claim.bind(rows);
  const complete = rows.complete.bind(rows);
  rows.claim = async (id) => {
    const claimed = await claim(id);
    return claimed && { ...claimed, verdict: 'free' };
  };
  rows.complete = async (id, leaseId) => {
    await complete(id, leaseId);
    return true;
  };
}

describe('what “exactly once, in order” rests on', () => {
  const [thing] = thingIds(1) as [string];
  let stage: EventsStage;
  let sound: DeliveryRunner;
  let credulous: DeliveryRunner;

  beforeAll(async () => {
    stage = await EventsStage.set();
    sound = (await stage.consumers()).get(DeliveryRunner);
    const mutant = await stage.consumers();
    makeCredulous(mutant.get(DeliveryRows, { strict: false }));
    credulous = mutant.get(DeliveryRunner);
  });
  afterEach(async () => stage.reset());
  afterAll(async () => stage.strike());

  const effectsOfAJobThatComesTwice = async (runner: DeliveryRunner) => {
    const happened = new ThingHappened(thing);
    await stage.happen(happened);
    const job = await stage.job(happened);
    await runner.run(job, 0);
    await runner.run(job, 0);
    return stage.effects();
  };

  const sequencesOfJobsInTheWrongOrder = async (runner: DeliveryRunner) => {
    const events = [new ThingHappened(thing), new ThingHappened(thing)] as const;
    await stage.happen(...events);
    for (const event of events.toReversed()) await runner.run(await stage.job(event), 0);
    return (await stage.effects()).map(({ sequence }) => sequence);
  };

  it('has one effect of a job that comes twice, and two without the check of the completion', async () => {
    expect(await effectsOfAJobThatComesTwice(sound)).toHaveLength(1);
    await stage.reset();
    expect(await effectsOfAJobThatComesTwice(credulous)).toHaveLength(2);
  });

  it('does not do the second before the first, and does without the check of the predecessor', async () => {
    expect(await sequencesOfJobsInTheWrongOrder(sound)).toEqual([1]);
    await stage.reset();
    expect(await sequencesOfJobsInTheWrongOrder(credulous)).toEqual([2, 1]);
  });
});
