import pg from 'pg';
import type { ConnectionBudget, Permit } from './connection-budget.js';

type Callback = (error: Error | undefined, client: pg.PoolClient | undefined, release: (error?: Error) => void) => void;

/** What a {@link BudgetedPool} shares with the other pools of the process. */
export interface PoolShare {
  readonly budget: ConnectionBudget;
  /** Whose share the connections count to. */
  readonly group: string;
  readonly timeoutMs: number;
  /** Called before a connection is opened: closes an idle one elsewhere when there are too many. */
  readonly beforeOpening: (pool: BudgetedPool) => void;
}

/** A pool that takes a permit of the process's budget for each connection in use. */
export class BudgetedPool extends pg.Pool {
  private asked = 0;
  private readonly inHand = new Set<pg.PoolClient>();

  constructor(
    options: pg.PoolConfig,
    private readonly share: PoolShare,
  ) {
    super(options);
  }

  /** Connections lent or being waited for. At zero the pool can be closed without harm. */
  get inUse(): number {
    return this.asked;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | void {
    return callback ? void this.lendTo(callback) : this.lend();
  }

  /** Closes one connection that nobody uses, if there is one. Past the budget: it is taken only to be closed. */
  closeIdle(): boolean {
    if (this.idleCount === 0) return false;
    super.connect((_error, client) => client?.release(true));
    return true;
  }

  /** Breaks all connections that are in use: whoever waits for an answer is told at once. */
  sever(): void {
    for (const client of this.inHand) {
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    }
  }

  private async lendTo(callback: Callback): Promise<void> {
    const [outcome] = await Promise.allSettled([this.lend()]);
    if (outcome.status === 'rejected') return callback(outcome.reason as Error, undefined, () => undefined);
    callback(undefined, outcome.value, (error) => outcome.value.release(error));
  }

  private async lend(): Promise<pg.PoolClient> {
    this.asked += 1;
    let permit: Permit | undefined;
    try {
      permit = await this.share.budget.acquire(this.share.group, this.share.timeoutMs);
      if (this.idleCount === 0) this.share.beforeOpening(this);
      return this.lent(await super.connect(), permit);
    } catch (error) {
      permit?.();
      this.asked -= 1;
      throw error;
    }
  }

  private lent(client: pg.PoolClient, permit: Permit): pg.PoolClient {
    const giveBack = client.release.bind(client);
    this.inHand.add(client);
    client.release = (error) => {
      giveBack(error);
      this.inHand.delete(client);
      permit();
      this.asked -= 1;
    };
    return client;
  }
}

/** `pg` whose pool is a {@link BudgetedPool}: for TypeORM's `driver` option. `made` is told of each pool. */
export function budgetedDriver(share: PoolShare, made: (pool: BudgetedPool) => void): typeof pg {
  class Pool extends BudgetedPool {
    constructor(options: pg.PoolConfig) {
      super(options, share);
      made(this);
    }
  }
  return Object.create(pg, { Pool: { value: Pool } }) as typeof pg;
}
