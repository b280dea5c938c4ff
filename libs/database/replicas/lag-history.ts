interface Sample {
  /** Monotonic milliseconds at which the primary was asked. */
  readonly at: number;
  readonly lsn: number;
}

/** Samples that are kept over the longest lag of interest: a lag is known to that fraction of it. */
const SAMPLES = 600;

/**
 * Where the primary was when, by this process's own clock. A replica that has replayed up to a sample shows everything that
 * was committed before it: its lag needs no clock of anybody else, and does not grow while nothing is written.
 */
export class LagHistory {
  private readonly samples: Sample[] = [];
  private readonly intervalMs: number;
  private newest: Sample | undefined;

  /** @param reachMs lags longer than this need not be told apart */
  constructor(private readonly reachMs: number) {
    this.intervalMs = reachMs / SAMPLES;
  }

  /** The primary had written up to `lsn` at the latest when it was asked at `at`. */
  add(at: number, lsn: number): void {
    this.newest = { at, lsn };
    const last = this.samples.at(-1);
    if (last && at - last.at < this.intervalMs) return;
    this.samples.push(this.newest);
    while (this.samples.length > 0 && at - (this.samples[0]?.at ?? at) > this.reachMs + this.intervalMs)
      this.samples.shift();
  }

  /** Positions from here on belong to another history: a failover. */
  clear(): void {
    this.samples.length = 0;
    this.newest = undefined;
  }

  /**
   * By how much a replica is behind what is known of the primary; undefined when it is behind everything that is remembered.
   * While the primary is away the lag stands still: there is nothing newer to be had from anybody.
   */
  lagMs(replayed: number): number | undefined {
    if (!this.newest) return undefined;
    if (replayed >= this.newest.lsn) return 0;
    const reached = this.samples.findLast(({ lsn }) => lsn <= replayed);
    return reached && this.newest.at - reached.at;
  }
}
