import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { currentConsistency, UnitOfWork } from '#libs/database';
import { EventsStage, ThingCalled, thingIds } from '#libs/events/testing';
import { eventually } from '../support/eventually.js';
import { ReplicatedStack } from '../support/replicated-stack.js';

const LAG_MS = 1_500;

interface Seen {
  readonly found: boolean;
  readonly replica: boolean;
}

let stack: ReplicatedStack;
let stage: EventsStage;
let worker: TestingModule;
let seen: Seen[];

beforeAll(async () => {
  stack = await ReplicatedStack.open('jobs');
  stage = await EventsStage.set();
  await stage.database.asOwner('create table fact (id uuid primary key)');
  await stage.database.asOwner('grant select, insert on fact to quoin_app');
  const reads = [{ host: '127.0.0.1', port: stack.replica().port }];
  const clusters = stage.database.options.clusters.map((cluster) => ({ ...cluster, reads }));
  Object.assign(stage.database.options, { clusters });
  await stack.postgres.untilReplayed(stack.replica());
  worker = await stage.worker();
}, 120_000);

afterAll(async () => {
  await stage?.strike();
  await stack?.close();
}, 60_000);

/** Writes so many facts, each with an event, and gives what the consumer of each event saw of its fact. */
async function happen(count: number, workMs = 0): Promise<Seen[]> {
  seen = [];
  const unitOfWork = worker.get(UnitOfWork);
  stage.script.before = async ({ aggregateId }) => {
    await sleep(workMs);
    const [row] = await unitOfWork.read(() =>
      unitOfWork.query<Seen>('select exists(select from fact where id = $1) as found, pg_is_in_recovery() as replica', [
        aggregateId,
      ]),
    );
    if (row) seen.push(row);
  };
  for (const id of thingIds(count)) {
    await stage.transaction(() => stage.sql(`insert into fact values ('${id}')`));
    await stage.happen(new ThingCalled(id));
  }
  await stage.quiet();
  return seen;
}

it('shows a job what its event tells of, behind a replica that lags', async () => {
  await stack.postgres.delayReplay(stack.replica(), LAG_MS);
  const saw = await happen(20);
  expect(saw).toEqual(Array.from({ length: 20 }, () => ({ found: true, replica: false })));
});

it('reads from a replica that has come to the event', async () => {
  await stack.postgres.delayReplay(stack.replica(), 0);
  await eventually('a job is served by the replica', async () => {
    // Longer than positions are polled.
    const saw = await happen(3, 400);
    expect(saw.filter(({ found }) => !found)).toEqual([]);
    return saw.every(({ replica }) => replica);
  });
});

it('mutation: without the position in the job, its reads on the replica come too early', async () => {
  await stack.postgres.delayReplay(stack.replica(), LAG_MS);
  const unitOfWork = worker.get(UnitOfWork);
  const outcomes: boolean[] = [];
  stage.script.before = async ({ aggregateId }) => {
    const consistency = currentConsistency();
    // As if the job had brought nothing.
    Object.defineProperty(consistency, 'needed', { value: undefined });
    const read = () => unitOfWork.query('select from fact where id = $1', [aggregateId]);
    outcomes.push((await unitOfWork.read(read)).length > 0);
  };
  for (const id of thingIds(5)) {
    await stage.transaction(() => stage.sql(`insert into fact values ('${id}')`));
    await stage.happen(new ThingCalled(id));
  }
  await stage.quiet();
  expect(outcomes).toContain(false);
});
