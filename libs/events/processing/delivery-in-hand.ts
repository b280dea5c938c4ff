import type { Attempt } from './attempt.js';
import type { Delivery } from './consumer.js';

/** What both kinds of deliveries tell their consumer about the attempt. */
export abstract class DeliveryInHand implements Delivery {
  readonly id: string;
  readonly consumer: string;
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly signal: AbortSignal;

  constructor({ job, claimed, policy, handling }: Attempt) {
    this.id = job.deliveryId;
    this.consumer = job.consumer;
    this.attempt = (claimed?.attempts ?? 0) + 1;
    this.attemptsMax = policy.attemptsMax;
    this.signal = handling.signal;
  }

  abstract complete(): Promise<void>;
  abstract defer(delayMs: number): Promise<void>;
}
