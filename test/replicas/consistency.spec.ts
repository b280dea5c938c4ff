import { setTimeout as sleep } from 'node:timers/promises';
import { consistencyToken, currentConsistency, positionOfToken, readingFromPrimary } from '#libs/database';
import { widget } from '#libs/database/testing';
import { eventually } from '../support/eventually.js';
import { ReplicatedWidgets } from '../support/replicated-widgets.js';

const LAG_MS = 1_500;
let system: ReplicatedWidgets;

beforeAll(async () => {
  system = await ReplicatedWidgets.open('consistency');
  const { stack } = system;
  await stack.postgres.delayReplay(stack.replica(), LAG_MS);
  await system.untilSplit();
});

afterAll(() => system?.close());

const replicaPort = () => system.stack.replica().port;
const primaryPort = () => system.stack.primary.port;
const elsewhere = (token: string, change: object) => {
  const position = positionOfToken(token);
  if (!position) throw new Error('no position');
  return consistencyToken({ ...position, ...change });
};

it('serves reads that need nothing from the replica, however many there are', async () => {
  const ports = await Promise.all(Array.from({ length: 100 }, () => system.port()));
  expect(new Set(ports)).toEqual(new Set([replicaPort()]));
});

it('shows a request its own writes', async () => {
  const seen = await system.request(async () => {
    const names = () => system.unitOfWork.read(async () => (await system.widgets.find()).map(({ name }) => name));
    const before = await names();
    await system.unitOfWork.run(() => system.widgets.insert(widget('written here')));
    return { before, after: await names() };
  });
  expect(seen.before).not.toContain('written here');
  expect(seen.after).toContain('written here');
});

it('shows a later request what its token says, on the replica as soon as that has it', async () => {
  const token = await system.write('by token');
  const writtenAt = Date.now();
  expect(await system.find('by token', token)).toEqual({ found: true, replica: false });
  const later = await eventually('the replica serves it', async () => {
    const found = await system.find('by token', token);
    expect(found.found).toBe(true);
    return found.replica && Date.now() - writtenAt;
  });
  expect(later).toBeGreaterThan(LAG_MS - 100);
  expect(later).toBeLessThan(LAG_MS + 3_000);
});

it('is stale without the token, or the tests above would show nothing', async () => {
  const outcomes = [];
  for (let round = 0; round < 10; round += 1) {
    await system.write(`untold ${round}`);
    outcomes.push(await system.find(`untold ${round}`));
  }
  expect(outcomes).toEqual(Array.from({ length: 10 }, () => ({ found: false, replica: true })));
});

it('believes the replica itself, not what was last heard of it', async () => {
  const token = await system.write('after a restart');
  await system.request(async () => {
    const replica = system.router.choose(system.tenant, undefined);
    if (!replica) throw new Error('no replica');
    // As it would be in a process that was stopped while the replica was restored from a backup.
    replica.replayed = Number.MAX_SAFE_INTEGER;
  });
  for (const snapshot of [false, true]) {
    const found = await system.request(
      () =>
        system.unitOfWork.read(() => system.unitOfWork.query(`select from widget where name = 'after a restart'`), {
          snapshot,
        }),
      token,
    );
    expect(found).toHaveLength(1);
  }
});

it('never waits for, and never fails on, a token that cannot be: the primary serves', async () => {
  const token = await system.write('any');
  const strange = [
    elsewhere(token, { lsn: Number.MAX_SAFE_INTEGER }),
    elsewhere(token, { timeline: 7 }),
    elsewhere(token, { cluster: 'another' }),
    'v1.',
    'v2.unknown-to-this-release',
    'x'.repeat(100_000),
    '',
  ];
  for (const one of strange) {
    const begun = performance.now();
    expect(await system.port({}, one)).toBe(primaryPort());
    expect(performance.now() - begun).toBeLessThan(1_000);
  }
});

it('reads from the primary when it is told to', async () => {
  expect(await system.port({ primary: true })).toBe(primaryPort());
  expect(await system.request(() => readingFromPrimary(() => whereabouts()))).toBe(primaryPort());
  const nested = () => system.unitOfWork.read(() => whereabouts({ primary: true }));
  expect(await system.request(nested)).toBe(primaryPort());
});

const whereabouts = async (options = {}): Promise<number | undefined> => {
  const sql = 'select inet_server_port() as port';
  const [row] = await system.unitOfWork.read(() => system.unitOfWork.query<{ port: number }>(sql), options);
  return row?.port;
};

it('does not show less to the next read of a request that the primary has served', async () => {
  await system.write('of somebody else');
  const count = async () =>
    (await system.unitOfWork.query(`select from widget where name = 'of somebody else'`)).length;
  const seen = await system.request(async () => {
    const onPrimary = await system.unitOfWork.read(count, { primary: true });
    return [onPrimary, await system.unitOfWork.read(count)];
  });
  expect(seen).toEqual([1, 1]);
});

it('raises the mark of whoever was refused: what refused them may not be on the replica', async () => {
  const mark = await system.request(async () => {
    await system.unitOfWork.run(() => system.widgets.insert(widget('taken')));
    const again = system.unitOfWork.run(() => system.widgets.insert(widget('taken')));
    await expect(again).rejects.toMatchObject({ code: '23505' });
    return currentConsistency()?.seen;
  });
  expect(await system.find('taken', mark && consistencyToken(mark))).toEqual({ found: true, replica: false });
});

it('asks the primary for what the replica does not find', async () => {
  const id = await system.request(async () => {
    const fresh = widget('linked to in a mail');
    await system.unitOfWork.run(() => system.widgets.insert(fresh));
    return fresh.id;
  });
  const found = await system.request(() => system.unitOfWork.read(() => system.widgets.get(id)));
  expect(found.name).toBe('linked to in a mail');
});

it('asks the primary for a table that the replica does not know yet', async () => {
  await system.database.asOwner('create table brand_new (id int)');
  await system.database.asOwner(`grant select on brand_new to public`);
  const rows = await system.request(() =>
    system.unitOfWork.read(() => system.unitOfWork.query('select from brand_new')),
  );
  expect(rows).toEqual([]);
});

it('leaves a replica alone that is further behind than allowed, and takes it back', async () => {
  const strict = await system.beside([{ host: '127.0.0.1', port: replicaPort() }], { replicaLagMaxMs: 700 });
  try {
    await strict.untilSplit();
    expect(await strict.port()).toBe(replicaPort());
    await eventually('it is found to be behind', async () => {
      await system.write(`noise ${Date.now()}`);
      return (await strict.port()) === primaryPort();
    });
    await sleep(LAG_MS);
    await strict.untilSplit();
    expect(await system.port()).toBe(replicaPort());
  } finally {
    await strict.close();
  }
});
