import { Injectable, Logger } from '@nestjs/common';
import type { Attempt } from './attempt.js';
import { type ClaimedDelivery, DeliveryRows } from './delivery-rows.js';

/** An event that came before its predecessor comes again after this time; milliseconds. */
const BLOCKED_DELAY_MS = 200;

/** Decides whether a job's delivery is to be worked on now. */
@Injectable()
export class Claims {
  private readonly logger = new Logger(Claims.name);

  constructor(private readonly rows: DeliveryRows) {}

  /**
   * Locks the delivery for the rest of the unit of work and gives it when it is free. Otherwise the job has nothing to
   * do: it came twice, too early, or while another worker is at it. None of that spends an attempt.
   */
  async take(attempt: Attempt): Promise<ClaimedDelivery | undefined> {
    const { job } = attempt;
    const claimed = await this.rows.claim(job.deliveryId);
    if (!claimed) {
      this.logger.warn(`delivery ${job.deliveryId} for ${job.consumer} does not exist: its job is dropped`);
      return undefined;
    }
    if (claimed.verdict === 'blocked') await this.rows.postpone(claimed.id, claimed.leaseId, BLOCKED_DELAY_MS);
    if (claimed.verdict !== 'free') return undefined;
    attempt.claimed = claimed;
    attempt.leaseId = claimed.leaseId;
    return claimed;
  }
}
