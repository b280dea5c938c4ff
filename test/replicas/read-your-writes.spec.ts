import { setTimeout as sleep } from 'node:timers/promises';
import { CONSISTENCY_HEADER } from '#libs/http';
import { eventually } from '../support/eventually.js';
import { readHost, ReplicatedStack } from '../support/replicated-stack.js';
import { RunningSystem } from '../support/running-system.js';
import { type Id, Trader } from '../support/trader.js';

/** Write-then-reads at each lag: REPLICA_ROUNDS=10000 for the long version. */
const ROUNDS = Number(process.env['REPLICA_ROUNDS'] ?? 240);
const WRITERS = 8;
/** Two psql are started to ask, while the suite has other things to compute. */
const ASK_SERVERS_MS = 500;
const LAG_MS = 1_500;
const LAGS_MS = [0, LAG_MS, 30_000];

interface Customer extends Id {
  readonly name: string;
}

/** One that writes and reads, by two apis in turn, and remembers what it must see. */
class Client {
  private version = 1;
  private turn = 0;
  private token: string | undefined;

  /**
   * @param login who writes
   * @param reading who reads: the same session, or another one that is shown the token alone
   * @param sendsToken false: the session is all that connects write and read
   */
  constructor(
    private readonly system: RunningSystem,
    readonly customer: string,
    private readonly login: string,
    private readonly reading: string,
    private readonly sendsToken: boolean,
  ) {}

  /** Changes the customer by one api. */
  async write(name: string): Promise<void> {
    const headers = { 'if-match': `"${this.version}"`, 'content-type': 'application/json' };
    const response = await this.send(this.login, { method: 'PATCH', headers, body: JSON.stringify({ name }) });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
    this.version += 1;
    this.token = response.headers.get(CONSISTENCY_HEADER) ?? undefined;
  }

  /** Reads it by the other api. */
  async read(of = this.customer): Promise<{ readonly name: string; readonly version: number }> {
    const headers: Record<string, string> = this.sendsToken && this.token ? { [CONSISTENCY_HEADER]: this.token } : {};
    const response = await this.send(this.reading, { headers }, of);
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    const { name } = (await response.json()) as Customer;
    this.token = response.headers.get(CONSISTENCY_HEADER) ?? this.token;
    return { name, version: Number(response.headers.get('etag')?.replaceAll('"', '')) };
  }

  private send(login: string, init: RequestInit, of = this.customer): Promise<Response> {
    this.turn += 1;
    const api = this.system.apis[this.turn % 2];
    if (!api) throw new Error('two apis are needed');
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${login}`);
    return fetch(`${api.url}/v1/customers/${of}`, { ...init, headers });
  }
}

let stack: ReplicatedStack;
let system: RunningSystem;
let trader: Trader;

beforeAll(async () => {
  stack = await ReplicatedStack.open('read-your-writes');
  system = await RunningSystem.start({
    workers: 0,
    env: { DB_READ_HOST: readHost(stack.replica()), DB_POOL_MAX: '10', LOG_LEVEL: 'warn' },
  });
  trader = await Trader.signUp(system);
  await trader.warehouse('MAIN');
  await stack.postgres.untilReplayed(stack.replica());
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await stack?.close();
}, 60_000);

async function client(sendsToken: boolean): Promise<Client> {
  const login = await trader.logIn();
  const { id } = await trader.customer('round -1', 'buyer@example.com');
  return new Client(system, id, login, sendsToken ? await trader.logIn() : login, sendsToken);
}

/** Scans of a table that only the ones who write nothing read. */
async function scans(): Promise<{ primary: number; replica: number }> {
  const sql = `select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = 'warehouse'`;
  const database = system.database.options.tenant.database;
  const [[primary], [replica]] = await Promise.all([
    stack.primary.sql(sql, database),
    stack.replica().sql(sql, database),
  ]);
  return { primary: Number(primary), replica: Number(replica) };
}

/** Those who write nothing: they read by both apis until they are stopped. */
function others(count: number): { stop(): Promise<number> } {
  const over = new AbortController();
  let reads = 0;
  const reader = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${await trader.logIn()}` };
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      const response = await fetch(`${system.apis[turn % 2]?.url}/v1/warehouses`, { headers });
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
      reads += 1;
      await sleep(5);
    }
  };
  const all = Array.from({ length: count }, reader);
  return {
    stop: async () => {
      over.abort();
      await Promise.all(all);
      return reads;
    },
  };
}

describe.each(LAGS_MS)('behind a replica that lags %i ms', (lagMs) => {
  beforeAll(async () => {
    await stack.postgres.delayReplay(stack.replica(), lagMs);
    // Something to lag behind of.
    await client(false);
  }, 60_000);

  it('shows everybody their own writes, and reads of others go on being served by the replica', async () => {
    const clients = await Promise.all(Array.from({ length: WRITERS }, (_, index) => client(index % 2 === 0)));
    // The sessions that are new and the customers are what the others do not wait for.
    const before = await scans();
    const crowd = others(4);
    const stale: string[] = [];
    let round = 0;
    const writer = async (one: Client): Promise<void> => {
      while (round < ROUNDS) {
        const name = `round ${round++}`;
        await one.write(name);
        const { name: seen } = await one.read();
        if (seen !== name) stale.push(`${name} was ${seen}`);
      }
    };
    const begunAt = Date.now();
    await Promise.all(clients.map(writer));
    const reads = await crowd.stop();
    const took = `${((Date.now() - begunAt) / 1_000).toFixed(1)} s`;
    // Servers count scans once their connections have rested for ten seconds.
    const seenSince = async () => {
      const after = await scans();
      const seen = { primary: after.primary - before.primary, replica: after.replica - before.replica };
      return seen.primary + seen.replica >= reads && seen;
    };
    const { primary, replica } = await eventually('the servers have counted all reads', seenSince, ASK_SERVERS_MS);
    const share = replica / (primary + replica);
    const away = system.apis
      .flatMap((api) => api.tail(10_000).split('\n'))
      .filter((entry) => entry.includes('left alone'));
    if (away.length > 0) console.info(away.join('\n'));
    console.info(
      `lag ${lagMs} ms: ${round} write-then-reads, ${stale.length} stale; ${reads} reads of others, ${(share * 100).toFixed(1)} % on the replica; ${took}`,
    );
    expect(stale).toEqual([]);
    expect(share).toBeGreaterThanOrEqual(0.9);
  }, 1_800_000);
});

describe('behind a replica that lags', () => {
  beforeAll(() => stack.postgres.delayReplay(stack.replica(), LAG_MS));

  it.each([
    ['the token', true],
    ['its session', false],
  ])(
    'never shows less to one who is known by %s than it has shown before',
    async (_by, sendsToken) => {
      const writer = await client(true);
      const observer = await client(sendsToken);
      const over = new AbortController();
      const writing = (async () => {
        for (let round = 0; !over.signal.aborted; round += 1) {
          await writer.write(`version ${round}`);
          // Another version for almost every read, without keeping a core busy.
          await sleep(10);
        }
      })();
      const versions: number[] = [];
      for (let round = 0; round < 60; round += 1) {
        // Its own write sends it to the primary, from which it comes back.
        if (round % 15 === 7) await observer.write(`mark ${round}`);
        versions.push((await observer.read(writer.customer)).version);
        await sleep(round % 15 === 14 ? LAG_MS + 100 : 5);
      }
      over.abort();
      await writing;
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(versions.at(-1)).toBeGreaterThan(1);
    },
    120_000,
  );
});

it('would be stale without token and session, or the tests above would show nothing', async () => {
  await stack.postgres.delayReplay(stack.replica(), LAG_MS);
  await eventually('the replica is near again', async () => {
    const [age] = await stack
      .replica()
      .sql(`select extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) < 20`);
    return age === 't';
  });
  const forgetful = await client(false);
  const stranger = await trader.logIn();
  await sleep(2_500);
  let stale = 0;
  for (let round = 0; round < 20; round += 1) {
    await forgetful.write(`told to nobody ${round}`);
    const answer = await fetch(`${system.nextApi()}/v1/customers/${forgetful.customer}`, {
      headers: { authorization: `Bearer ${stranger}` },
    });
    if (((await answer.json()) as Customer).name !== `told to nobody ${round}`) stale += 1;
  }
  expect(stale).toBe(20);
}, 60_000);

it('has one answer to tokens that cannot be: the newest', async () => {
  const one = await client(false);
  await one.write('the newest');
  for (const token of ['garbage', 'v1.', `v1.${'A'.repeat(4_000)}`, '\u00ff', 'v1.ZGVmYXVsdDoxOkZGRkZGL0ZGRkZGRkZG']) {
    const login = await trader.logIn();
    const answer = await fetch(`${system.nextApi()}/v1/customers/${one.customer}`, {
      headers: { authorization: `Bearer ${login}`, [CONSISTENCY_HEADER]: token },
    });
    expect([answer.status, ((await answer.json()) as Customer).name]).toEqual([200, 'the newest']);
    expect(answer.headers.get(CONSISTENCY_HEADER)).toMatch(/^v1\.[\w-]+$/);
  }
});
