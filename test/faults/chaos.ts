import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '#libs/testing';
import type { Program } from '../support/program.js';
import type { RunningSystem } from '../support/running-system.js';
import type { Chance } from '../support/chance.js';

/** Something that goes wrong. Resolves when it is over, or is on its way to be. */
export interface Fault {
  readonly name: string;
  strike(chance: Chance): Promise<void>;
}

/** How often faults strike. */
export interface ChaosOptions {
  readonly pauseMs: readonly [low: number, high: number];
  /** Then nothing more happens. Default: no end. */
  readonly strikesMax?: number;
}

/** Lets faults strike on a schedule that the seed decides, until it is stopped. */
export class Chaos {
  private readonly struck = new Map<string, number>();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  private constructor(
    private readonly faults: readonly Fault[],
    private readonly chance: Chance,
    private readonly options: ChaosOptions,
  ) {
    this.running = this.run();
    // Reported by `stop`.
    this.running.catch(() => undefined);
  }

  static unleash(faults: readonly Fault[], chance: Chance, options: ChaosOptions): Chaos {
    return new Chaos(faults, chance, options);
  }

  /** How often each fault has struck so far. */
  get strikes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.struck);
  }

  /** All strikes so far. */
  get count(): number {
    return [...this.struck.values()].reduce((sum, times) => sum + times, 0);
  }

  /** No more faults from here on; resolves when the last one is over. @throws what a fault threw */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const [low, high] = this.options.pauseMs;
    while (!this.stopping.signal.aborted && this.count < (this.options.strikesMax ?? Infinity)) {
      await sleep(this.chance.between(low, high), undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      const fault = this.chance.pick(this.faults);
      await fault.strike(this.chance);
      this.struck.set(fault.name, (this.struck.get(fault.name) ?? 0) + 1);
    }
  }
}

/** SIGKILL for an api or a worker. Another one is started at once, as an orchestrator would, and may find its sibling dead. */
export class ProcessKiller implements Fault {
  readonly name = 'kill';
  private readonly starting = new Set<Promise<unknown>>();
  private failure: Error | undefined;

  constructor(private readonly system: RunningSystem) {}

  async strike(chance: Chance): Promise<void> {
    const running = [...this.system.apis, ...this.system.workers].filter((program) => program.isRunning);
    if (running.length === 0) return;
    const victim = chance.pick(running);
    await victim.end('SIGKILL');
    const app = this.system.apis.includes(victim) ? 'api' : 'worker';
    const start = this.system
      .add(app)
      .catch((error: Error) => (this.failure ??= error))
      .finally(() => this.starting.delete(start));
    this.starting.add(start);
  }

  /** Resolves when as many processes run as before the first strike. @throws when one did not start */
  async settled(): Promise<void> {
    await Promise.all(this.starting);
    if (this.failure) throw this.failure;
  }
}

/** A worker stands still for longer than all its locks and leases last, and then goes on as if nothing had happened. */
export function workerPause(system: RunningSystem, pauseMs: number): Fault {
  return {
    name: 'pause',
    strike: async (chance) => {
      const workers: Program[] = system.workers.filter((program) => program.isRunning);
      if (workers.length < 2) return;
      const victim = chance.pick(workers);
      victim.signal('SIGSTOP');
      await sleep(pauseMs);
      victim.signal('SIGCONT');
    },
  };
}

/** The queues' Redis forgets everything: jobs, sessions, locks. */
export function redisWipe(system: RunningSystem): Fault {
  return { name: 'wipe', strike: () => system.redis.flushAll() };
}

/** The queues' Redis dies and comes back empty after a while. Nobody may depend on it for anything but speed. */
export function redisOutage(system: RunningSystem, outageMs: number): Fault {
  return {
    name: 'outage',
    strike: async () => {
      await system.redis.kill();
      await sleep(outageMs);
      await system.redis.restart();
    },
  };
}

/** PostgreSQL ends a part of the connections that processes of ours have, whatever they are doing. */
export function lostConnections(database: TestDatabase, share = 1 / 2): Fault {
  const backends = `
    select pid from pg_stat_activity
    where datname in ($1, $2) and application_name = 'quoin' and pid <> pg_backend_pid()`;
  const names = [database.options.tenant.database, database.options.landlord.database];
  return {
    name: 'terminate',
    strike: async (chance) => {
      const rows = await database.asSuperuser<{ pid: number }>(backends, names);
      const pids = chance.some(rows, Math.ceil(rows.length * share)).map(({ pid }) => pid);
      await database.asSuperuser('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids]);
    },
  };
}
