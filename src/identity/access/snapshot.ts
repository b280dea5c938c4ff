/** SQL: the history that transactions are counted in. After a failover numbers may be given a second time. */
export const TIMELINE = `case when pg_is_in_recovery() then '' else left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end`;

/** SQL: what the statement sees, for {@link Snapshot}. On a primary only: a standby leaves out the running transactions. */
export const SNAPSHOT = `(${TIMELINE}) || '/' || pg_current_snapshot()::text`;

/**
 * A snapshot of PostgreSQL, `timeline/xmin:xmax:xip,…`: which transactions were visible to whoever read under it.
 */
export class Snapshot {
  private constructor(
    readonly timeline: string,
    private readonly xmax: bigint,
    private readonly running: ReadonlySet<bigint>,
  ) {}

  /** @throws SyntaxError for what is none */
  static parse(text: string): Snapshot {
    const [, timeline, xmax, running] = /^([0-9A-F]*)\/\d+:(\d+):([\d,]*)$/.exec(text) ?? [];
    if (timeline === undefined || xmax === undefined) throw new SyntaxError(`not a snapshot: ${text}`);
    const ids = running?.split(',').filter((id) => id !== '') ?? [];
    return new Snapshot(timeline, BigInt(xmax), new Set(ids.map(BigInt)));
  }

  /** Whether what this transaction wrote was visible, given that it has committed by now. */
  sees(xid: bigint): boolean {
    return xid < this.xmax && !this.running.has(xid);
  }
}
