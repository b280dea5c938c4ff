import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { backoffMs, type BackoffPolicy } from '#libs/queues';
import type { Attempt, Outcome } from './attempt.js';
import { ConsumerKillsWorkers, DeliveryLost } from './delivery.errors.js';
import type { ClaimedDelivery } from './delivery-rows.js';
import { DeliveryRows } from './delivery-rows.js';
import { isInfrastructureFailure } from './infrastructure-failure.js';

/** Waiting for one of our servers to come back. */
const OUTAGE_BACKOFF: BackoffPolicy = { baseMs: 500, maxMs: 15_000 };

/** Writes down what became of an attempt that threw, in a transaction of its own: the attempt's was rolled back. */
@Injectable()
export class FailedAttempts {
  private readonly logger = new Logger(FailedAttempts.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: DeliveryRows,
  ) {}

  /**
   * A failure of the work spends an attempt: the delivery comes again after the queue's back-off, or is dead after the
   * last one. A failure of a server spends none.
   * @throws when not even this can be written; the sweeper then finds the delivery
   */
  async record(attempt: Attempt, error: unknown): Promise<Outcome> {
    const { claimed, leaseId } = attempt;
    if (error instanceof DeliveryLost) return 'lost';
    // Not even read: nothing is known of it, so nothing can be written down.
    if (!claimed) throw error;
    if (isInfrastructureFailure(error)) return this.postpone(claimed, leaseId, error);
    const spent = claimed.attempts + 1;
    const dead = spent >= attempt.policy.attemptsMax;
    const delayMs = dead ? null : backoffMs(attempt.policy.backoff, spent);
    const written = await this.unitOfWork.run(() => this.rows.fail(claimed.id, leaseId, describe(error), delayMs));
    if (!written) return 'lost';
    this.report(claimed, dead ? `is dead after ${spent} attempts` : `failed, attempt ${spent}`, error, dead);
    return dead ? 'dead' : 'retried';
  }

  /** A delivery that ends its worker each time never gets to fail: it is put with the dead letters from outside. */
  async bury(attempt: Attempt, deaths: number): Promise<Outcome> {
    const error = new ConsumerKillsWorkers(attempt.job.consumer, deaths);
    return this.unitOfWork.run(async () => {
      const claimed = await this.rows.claim(attempt.job.deliveryId);
      if (!claimed || claimed.verdict === 'finished') return 'left';
      if (!(await this.rows.fail(claimed.id, claimed.leaseId, describe(error), null))) return 'lost';
      this.report(claimed, 'is dead', error, true);
      return 'dead';
    });
  }

  private async postpone(claimed: ClaimedDelivery, leaseId: string | null, error: unknown): Promise<Outcome> {
    const rounds = Math.min(Math.max(1, claimed.handovers - claimed.attempts), 10);
    const delayMs = backoffMs(OUTAGE_BACKOFF, rounds);
    const reason = describe(error);
    const written = await this.unitOfWork.run(() => this.rows.postpone(claimed.id, leaseId, delayMs, reason));
    if (!written) return 'lost';
    this.report(claimed, `waits ${delayMs} ms for a server`, error, false);
    return 'postponed';
  }

  private report(claimed: ClaimedDelivery, what: string, error: unknown, dead: boolean): void {
    const { id, consumer, event } = claimed;
    const message = `delivery ${id} of ${event.type} ${event.id} to ${consumer} ${what}: ${describe(error)}`;
    if (dead) this.logger.error(message, error instanceof Error ? error.stack : undefined);
    else this.logger.warn(message);
  }
}

function describe(error: unknown): string {
  if (error instanceof DomainError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
