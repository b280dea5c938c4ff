import { MailServer, type Verdict } from '#libs/mail/testing';
import { RunningSystem } from '../support/running-system.js';
import { Auditor } from './auditor.js';
import { Chance, soakSeconds } from '../support/chance.js';
import { Chaos, ProcessKiller, workerPause } from './chaos.js';
import { OrderLoad } from './order-load.js';
import { report, until, untilQuiet } from './recovery.js';

const ORDERS = 200;
const TIMEOUT_MS = 600_000 + soakSeconds * 1_000;

let mail: MailServer;
let system: RunningSystem;
let auditor: Auditor;

/** Not the one that a sign-up causes. */
function isOfOrder({ subject }: { readonly subject: string }): boolean {
  return subject.startsWith('Order ');
}

beforeAll(async () => {
  mail = await MailServer.start();
  const env = { SMTP_URL: mail.url, AUTH_ACCESS_TTL_S: '86400', LOG_LEVEL: 'warn' };
  system = await RunningSystem.start({ apis: 2, workers: 2, env });
  auditor = await Auditor.of(system.database);
}, 120_000);

afterAll(async () => {
  await auditor?.dismiss();
  await system?.stop();
  await mail?.stop();
}, 60_000);

it(
  'oversells nothing, loses no order and doubles no effect when apis and workers are killed during 200 orders at once',
  async () => {
    const chance = Chance.ofThisRun();
    process.stdout.write(`    seed: FAULT_SEED=${chance.seed}\n`);
    // About a third of what will be asked for.
    const load = await OrderLoad.open(system, chance.fork(1), 150);
    const killer = new ProcessKiller(system);
    const faults = soakSeconds ? [killer, killer, killer, workerPause(system, 12_000)] : [killer];
    const chaos = Chaos.unleash(faults, chance.fork(2), {
      pauseMs: [200, 1_500],
      ...(!soakSeconds && { strikesMax: 8 }),
    });
    await load.rush(ORDERS);
    if (soakSeconds) await load.keepOrdering(24, AbortSignal.timeout(soakSeconds * 1_000));
    // On a fast machine the orders are done first: what they caused is then under way.
    else await until('three processes were killed', () => chaos.count >= 3, 60_000);
    await chaos.stop();
    const faultsEndedAt = Date.now();
    await killer.settled();

    const order = await load.plainOrder();
    await untilQuiet(system.database, load.trader.id);
    const recoveryMs = Date.now() - faultsEndedAt;
    await load.trader.invoiceOf(order);
    report('killed', { operations: load.counts(), strikes: chaos.strikes, mails: mail.taken.length, recoveryMs });
    expect(load.blunders).toEqual([]);
    expect(await auditor.faultsOfOrders(load.trader.id)).toEqual([]);
    expect(await auditor.faultsOfLog(load.trader.id, load.log)).toEqual([]);
    expect(await auditor.faultsOfMail(load.trader.id, mail.taken)).toEqual([]);
    expect(await auditor.faultsOfPayments(await system.payments.log())).toEqual([]);
    expect(chaos.count).toBeGreaterThanOrEqual(3);

    // Everything once more, as after a restored backup of the queues: nothing is done twice.
    await system.database.asSuperuser(
      `update platform.delivery set state = 'pending', completed_at = null, due_at = now() where tenant_id = $1`,
      [load.trader.id],
    );
    const mailsBefore = mail.taken.length;
    await untilQuiet(system.database, load.trader.id);
    expect(await auditor.faultsOfOrders(load.trader.id)).toEqual([]);
    expect(mail.taken).toHaveLength(mailsBefore);
    expect(await auditor.faultsOfPayments(await system.payments.log())).toEqual([]);
  },
  TIMEOUT_MS,
);

it('sends a mail again under the same Message-ID when the worker dies after the server has taken it', async () => {
  mail.reset();
  mail.judge = async (incoming): Promise<Verdict> => {
    if (!isOfOrder(incoming)) return 'taken';
    mail.judge = () => 'taken';
    await Promise.all(system.workers.map((worker) => worker.end('SIGKILL')));
    return 'taken';
  };
  const load = await OrderLoad.open(system, Chance.ofThisRun(), 10);
  await load.plainOrder();
  await until('the worker is dead', () => system.workers.every((worker) => !worker.isRunning), 60_000);
  await Promise.all([system.add('worker'), system.add('worker')]);
  await untilQuiet(system.database, load.trader.id);
  const ids = mail.taken.filter(isOfOrder).map(({ messageId }) => messageId);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(await auditor.faultsOfMail(load.trader.id, mail.taken)).toEqual([]);
  expect(await auditor.faultsOfOrders(load.trader.id)).toEqual([]);
}, 300_000);
