import type { QueueName } from '#libs/queues';

/** Injection token of {@link DispatchOptions}. */
export const DISPATCH_OPTIONS = Symbol('DispatchOptions');

/** How a worker process hands over, runs and recovers deliveries. Durations in milliseconds. */
export interface DispatchOptions {
  /** The queues this worker serves; it relays and sweeps for all of them. */
  readonly queues: readonly QueueName[];
  /** The relay looks for new deliveries this often when it found less than a batch, give or take a fifth. */
  readonly relayPollMs: number;
  /** Deliveries handed over in one transaction. */
  readonly relayBatchSize: number;
  /** The sweeper looks for deliveries whose job is gone this often. */
  readonly sweepMs: number;
  /** Younger handovers are not looked at. */
  readonly sweepAfterMs: number;
  /** How long an external consumer's hold of its delivery outlives its worker. */
  readonly leaseMs: number;
  /** When the worker stops, running work has this long to end by itself before it is interrupted. */
  readonly drainMs: number;
}

/** What {@link DispatchOptions} are when nothing else is asked for. */
export const DISPATCH_DEFAULTS: Omit<DispatchOptions, 'queues'> = {
  relayPollMs: 125,
  relayBatchSize: 200,
  sweepMs: 1_000,
  sweepAfterMs: 3_000,
  leaseMs: 10_000,
  drainMs: 20_000,
};
