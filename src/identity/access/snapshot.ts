/**
 * A snapshot of PostgreSQL as `pg_current_snapshot()` writes it, `xmin:xmax:xip,…`: which transactions were visible to
 * whoever read under it. On a primary only: a standby leaves the list of running ones empty.
 */
export class Snapshot {
  private constructor(
    private readonly xmax: bigint,
    private readonly running: ReadonlySet<bigint>,
  ) {}

  /** @throws SyntaxError for what is none */
  static parse(text: string): Snapshot {
    const [, xmax = '', running = ''] = text.split(':');
    if (!/^\d+:\d+:[\d,]*$/.test(text)) throw new SyntaxError(`not a snapshot: ${text}`);
    const ids = running.split(',').filter((id) => id !== '');
    return new Snapshot(BigInt(xmax), new Set(ids.map(BigInt)));
  }

  /** Whether what this transaction wrote was visible, given that it has committed by now. */
  sees(xid: bigint): boolean {
    return xid < this.xmax && !this.running.has(xid);
  }
}
