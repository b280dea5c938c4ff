import { lsnText, positionOfToken } from '#libs/database';
import { eventually } from '../support/eventually.js';
import { ReplicatedWidgets } from '../support/replicated-widgets.js';
import { TcpProxy } from '../support/tcp-proxy.js';

let direct: ReplicatedWidgets;
let system: ReplicatedWidgets;
let line: TcpProxy;

beforeAll(async () => {
  direct = await ReplicatedWidgets.open('failover', 2);
  const { stack } = direct;
  line = await TcpProxy.to(stack.primary.port);
  const [cluster] = direct.database.options.clusters;
  if (!cluster) throw new Error('no cluster');
  const reads = [{ host: '127.0.0.1', port: stack.replica(1).port }];
  // As behind a name that follows the primary.
  const clusters = [{ ...cluster, write: { host: '127.0.0.1', port: line.port }, reads }];
  system = await direct.beside(reads, { clusters });
  await system.untilSplit();
});

afterAll(async () => {
  await system?.close();
  await line?.close();
  // The database is dropped where it was made.
  await direct?.stack.primary.start();
  await direct?.close();
}, 60_000);

it('never believes a replica that has stayed on the timeline of a lost primary, however far it is', async () => {
  const { stack } = system;
  const [promoted, leftBehind] = [stack.replica(0), stack.replica(1)];
  // What follows reaches one replica and is lost with the primary for the other.
  await promoted.stop();
  let old = '';
  // Each switch begins a file of 16 MB: whatever the new primary writes until it is asked, it has not come that far.
  for (let file = 0; file < 2; file += 1) {
    await stack.primary.sql('select pg_switch_wal()');
    for (let round = 0; round < 25; round += 1) old = await system.write(`lost ${file}.${round}`);
  }
  await stack.postgres.untilReplayed(leftBehind);
  await stack.postgres.kill(stack.primary);
  await promoted.start();
  await stack.postgres.promote(promoted);
  line.leadTo(promoted.port);
  const token = await eventually('the new primary takes a write', () =>
    system.write('after the failover').catch(() => undefined),
  );

  const [before, after] = [positionOfToken(old), positionOfToken(token)];
  if (!before || !after) throw new Error('tokens without positions');
  expect([before.timeline, after.timeline]).toEqual([1, 2]);
  // By the numbers alone the replica would have it, and it has not.
  const [reached] = await leftBehind.sql(`select pg_last_wal_replay_lsn() >= '${lsnText(after.lsn)}'`);
  expect(reached).toBe('t');
  for (let round = 0; round < 50; round += 1) {
    expect(await system.find('after the failover', token)).toEqual({ found: true, replica: false });
  }
  // Who comes with a token of before, or with none, gets what the new primary has, as soon as this process has heard of it.
  await eventually('nobody reads from what is left behind', async () => (await system.port()) === promoted.port);
  expect(await system.port({}, old)).toBe(promoted.port);
}, 120_000);
