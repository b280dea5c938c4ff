/** The right to hold one connection. Given back once; again does nothing. */
export type Permit = () => void;

interface Waiter {
  readonly group: string;
  readonly grant: () => void;
}

/**
 * How many connections a process holds at once, over all databases. First come, first served, but no group (cluster) may
 * hold more than its share: requests that hang on one server must not take the connections of the others.
 */
export class ConnectionBudget {
  private readonly waiting: Waiter[] = [];
  private readonly held = new Map<string, number>();
  private total = 0;

  /**
   * @param max connections of the process
   * @param groupMax connections of one group
   */
  constructor(
    readonly max: number,
    private readonly groupMax: number = max,
  ) {}

  /** Connections that are held now. */
  get inUse(): number {
    return this.total;
  }

  /** @throws when none is free within `timeoutMs`; the message is pg-pool's, so that it is known as an outage */
  async acquire(group: string, timeoutMs: number): Promise<Permit> {
    if (!this.hasRoom(group)) await this.wait(group, timeoutMs);
    else this.take(group);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.giveBack(group);
    };
  }

  private wait(group: string, timeoutMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { group, grant: resolve };
    const timer = setTimeout(() => {
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      reject(new Error('timeout exceeded when trying to connect: all connections of DB_POOL_MAX are in use'));
    }, timeoutMs);
    this.waiting.push(waiter);
    return promise.finally(() => clearTimeout(timer));
  }

  private hasRoom(group: string): boolean {
    return this.total < this.max && (this.held.get(group) ?? 0) < this.groupMax;
  }

  private take(group: string): void {
    this.total += 1;
    this.held.set(group, (this.held.get(group) ?? 0) + 1);
  }

  private giveBack(group: string): void {
    this.total -= 1;
    this.held.set(group, (this.held.get(group) ?? 0) - 1);
    const next = this.waiting.findIndex((waiter) => this.hasRoom(waiter.group));
    if (next < 0) return;
    const [waiter] = this.waiting.splice(next, 1);
    // Taken for the waiter before it wakes: nobody may slip in between.
    if (waiter) this.take(waiter.group);
    waiter?.grant();
  }
}
