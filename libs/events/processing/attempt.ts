import type { QueuePolicy } from '#libs/queues';
import type { RegisteredConsumer } from './consumer-registry.js';
import type { DeliveryJob } from './delivery-job.js';
import type { ClaimedDelivery } from './delivery-rows.js';
import type { Handling } from './handling.js';

/** One try of one delivery by one worker. */
export interface Attempt {
  readonly job: DeliveryJob;
  readonly consumer: RegisteredConsumer;
  readonly policy: QueuePolicy;
  readonly handling: Handling;
  /** Set once the delivery's row was read and found free. */
  claimed?: ClaimedDelivery;
  /** The lease under which the row may be changed. */
  leaseId: string | null;
}

/**
 * How a job ended. `done`, `deferred` by its consumer, `retried` after an attempt, `dead` after the last one,
 * `postponed` by a failure of a server; or nothing was to be done here: `left`, or `lost` to another worker.
 */
export type Outcome = 'done' | 'deferred' | 'retried' | 'dead' | 'postponed' | 'left' | 'lost';
