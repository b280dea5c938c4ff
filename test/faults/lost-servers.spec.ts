import { MailServer } from '#libs/mail/testing';
import { RunningSystem } from '../support/running-system.js';
import { Auditor } from './auditor.js';
import { Chance, soakSeconds } from '../support/chance.js';
import { Chaos, type Fault, lostConnections, redisOutage, redisWipe } from './chaos.js';
import { OrderLoad } from './order-load.js';
import { report, until, untilQuiet } from './recovery.js';

const CLIENTS = 16;
const STRIKES = 8;
const TIMEOUT_MS = 600_000 + soakSeconds * 1_000;

let mail: MailServer;
let system: RunningSystem;
let auditor: Auditor;

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

it.each<[string, () => Fault[]]>([
  ['Redis is wiped and dies', () => [redisWipe(system), redisWipe(system), redisOutage(system, 1_500)]],
  ['PostgreSQL ends their connections', () => [lostConnections(system.database)]],
])(
  'loses and doubles nothing when apis and workers go on while %s',
  async (what, faults) => {
    const chance = Chance.ofThisRun();
    process.stdout.write(`    seed: FAULT_SEED=${chance.seed}\n`);
    mail.reset();
    const load = await OrderLoad.open(system, chance.fork(1), 100);
    const chaos = Chaos.unleash(faults(), chance.fork(2), { pauseMs: [150, 900] });
    const ordering = new AbortController();
    const clients = load.keepOrdering(CLIENTS, ordering.signal);
    const end = Date.now() + soakSeconds * 1_000;
    const enough = () => chaos.count >= STRIKES && Date.now() >= end;
    await until(`there were ${STRIKES} faults`, enough, 120_000 + soakSeconds * 1_000);
    ordering.abort();
    await chaos.stop();
    const faultsEndedAt = Date.now();
    await clients;

    const order = await load.plainOrder();
    await untilQuiet(system.database, load.trader.id);
    const recoveryMs = Date.now() - faultsEndedAt;
    await load.trader.invoiceOf(order);
    report(what, { operations: load.counts(), strikes: chaos.strikes, mails: mail.taken.length, recoveryMs });
    expect(load.blunders).toEqual([]);
    expect(await auditor.faultsOfOrders(load.trader.id)).toEqual([]);
    expect(await auditor.faultsOfLog(load.trader.id, load.log)).toEqual([]);
    expect(await auditor.faultsOfMail(load.trader.id, mail.taken)).toEqual([]);
    expect(await auditor.faultsOfPayments(await system.payments.log())).toEqual([]);
    const dead = [...system.apis, ...system.workers].filter((program) => !program.isRunning);
    expect(dead.map((program) => `${program.name} died:\n${program.tail()}`)).toEqual([]);
  },
  TIMEOUT_MS,
);
