import { setTimeout as sleep } from 'node:timers/promises';
import { metrics } from '#libs/telemetry';
import { eventually } from '../support/eventually.js';
import { ReplicatedWidgets } from '../support/replicated-widgets.js';
import { TcpProxy } from '../support/tcp-proxy.js';

let direct: ReplicatedWidgets;
let system: ReplicatedWidgets;
let line: TcpProxy;

beforeAll(async () => {
  direct = await ReplicatedWidgets.open('lost');
  line = await TcpProxy.to(direct.stack.replica().port);
  system = await direct.beside([{ host: '127.0.0.1', port: line.port }]);
  await system.untilSplit();
});

afterAll(async () => {
  await system?.close();
  await line?.close();
  await direct?.close();
});

interface Reading {
  readonly primary: number;
  readonly replica: number;
  readonly slowestMs: number;
}

/** Reads on eight lines while `meanwhile` happens. @throws what any of the reads throws */
async function readDuring(meanwhile: () => Promise<unknown>): Promise<Reading> {
  const over = new AbortController();
  const served = { primary: 0, replica: 0, slowestMs: 0 };
  const reader = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const begun = performance.now();
      const port = await system.port();
      served.slowestMs = Math.max(served.slowestMs, performance.now() - begun);
      served[port === system.stack.primary.port ? 'primary' : 'replica'] += 1;
      await sleep(2);
    }
  };
  const readers = Array.from({ length: 8 }, reader);
  await Promise.all([...readers, meanwhile().finally(() => over.abort())]);
  return served;
}

const servedAgain = () => system.untilSplit();

it('starts and serves while its only replica is not there', async () => {
  const nobody = await TcpProxy.to(1);
  await nobody.close();
  const alone = await direct.beside([{ host: '127.0.0.1', port: nobody.port }]);
  try {
    for (let round = 0; round < 20; round += 1) {
      expect(await alone.port()).toBe(direct.stack.primary.port);
      await sleep(20);
    }
  } finally {
    await alone.close();
  }
});

it('starts and serves while its only replica takes connections and says nothing', async () => {
  const deaf = await TcpProxy.to(direct.stack.replica().port);
  await deaf.become('silent');
  const alone = await direct.beside([{ host: '127.0.0.1', port: deaf.port }]);
  try {
    const begun = performance.now();
    for (let round = 0; round < 20; round += 1) expect(await alone.port()).toBe(direct.stack.primary.port);
    expect(performance.now() - begun).toBeLessThan(2_000);
  } finally {
    await alone.close();
    await deaf.close();
  }
});

it('fails nobody when the line to the replica is cut, and uses it again', async () => {
  const served = await readDuring(async () => {
    await sleep(300);
    await line.become('closed');
    await sleep(1_000);
  });
  expect(served.primary).toBeGreaterThan(0);
  expect(served.replica).toBeGreaterThan(0);
  await line.become('open');
  await servedAgain();
});

it('fails nobody when the replica falls silent in the middle of reads', async () => {
  const served = await readDuring(async () => {
    await sleep(300);
    await line.become('silent');
    await sleep(3_000);
  });
  expect(served.primary).toBeGreaterThan(100);
  expect(served.slowestMs).toBeLessThan(3_000);
  await line.become('open');
  await servedAgain();
});

it('fails nobody while the replica comes and goes, and leaves it alone for longer and longer', async () => {
  const changed = async () => (await metrics.getSingleMetric('quoin_replica_changes_total')?.get())?.values ?? [];
  const before = (await changed()).reduce((sum, { value }) => sum + value, 0);
  await readDuring(async () => {
    for (let round = 0; round < 12; round += 1) {
      await line.become(round % 2 === 0 ? 'closed' : 'open');
      await sleep(400);
    }
  });
  const changes = (await changed()).reduce((sum, { value }) => sum + value, 0) - before;
  expect(changes).toBeGreaterThanOrEqual(1);
  // It was lost six times.
  expect(changes).toBeLessThan(6);
  await line.become('open');
  await servedAgain();
}, 90_000);

it('fails nobody when the replica is killed and started again', async () => {
  const { stack } = system;
  const served = await readDuring(async () => {
    await sleep(200);
    await stack.postgres.kill(stack.replica());
    await sleep(500);
    await stack.replica().start();
    await sleep(500);
  });
  expect(served.primary).toBeGreaterThan(0);
  await servedAgain();
}, 90_000);

it('repeats on the primary what the replica cancels for the sake of replaying', async () => {
  const { stack, unitOfWork } = system;
  await stack.replica().sql(`alter system set max_standby_streaming_delay = '0'`);
  await stack.replica().sql('select pg_reload_conf()');
  await system.write('in the way');
  await stack.postgres.untilReplayed(stack.replica());
  await system.untilSplit();
  const served: boolean[] = [];
  const rows = await system.request(() =>
    unitOfWork.read(
      async () => {
        const [where] = await unitOfWork.query<{ replica: boolean }>('select pg_is_in_recovery() as replica');
        served.push(where?.replica ?? false);
        await unitOfWork.query('select from widget');
        // Only the first time: an exclusive lock cannot be replayed over this reader.
        if (served.length === 1) await system.database.asOwner('alter table widget add column spare int');
        await unitOfWork.query('select pg_sleep(0.5)');
        return unitOfWork.query('select from widget');
      },
      { snapshot: true },
    ),
  );
  expect(served).toEqual([true, false]);
  expect(rows.length).toBeGreaterThan(0);
});

it('goes on reading while the primary is away, what no write is missing from', async () => {
  const { stack } = system;
  await system.untilSplit();
  await stack.postgres.untilReplayed(stack.replica());
  await eventually('the position is known', async () => (await system.port()) === stack.replica().port);
  await stack.postgres.kill(stack.primary);
  try {
    await sleep(1_500);
    for (let round = 0; round < 20; round += 1) expect(await system.port()).toBe(stack.replica().port);
    await expect(system.write('nowhere to go')).rejects.toThrow(/connect|terminat/i);
  } finally {
    await stack.primary.start();
  }
}, 90_000);
