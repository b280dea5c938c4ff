import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { readingFromPrimary, UnitOfWork, UnitOfWorkRequired } from '#libs/database';
import { DISPATCH_OPTIONS, type DispatchOptions } from '../dispatch.options.js';
import type { Attempt, Outcome } from './attempt.js';
import { Claims } from './claims.js';
import { DeliveryLost, DeliveryNotCompleted } from './delivery.errors.js';
import { DeliveryInHand } from './delivery-in-hand.js';
import { type ClaimedDelivery, DeliveryRows } from './delivery-rows.js';

/**
 * Runs external consumers. A row lock cannot be held while the outside world is asked, so the delivery carries a lease,
 * which this worker renews as long as it lives: a second job for the same delivery (a wiped Redis, a stalled lock)
 * does not call outside while the first is at it. Completion names the lease, so a worker that was paused past it is
 * refused.
 */
@Injectable()
export class ExternalConsumption {
  private readonly logger = new Logger(ExternalConsumption.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: DeliveryRows,
    private readonly claims: Claims,
    @Inject(DISPATCH_OPTIONS) private readonly options: DispatchOptions,
  ) {}

  async run(attempt: Attempt): Promise<Outcome> {
    const leaseId = randomUUID();
    const claimed = await this.claim(attempt, leaseId);
    if (!claimed) return 'left';
    attempt.leaseId = leaseId;
    const delivery = new ExternalDelivery(attempt, leaseId, this.unitOfWork, this.rows);
    const heartbeat = setInterval(() => void this.renew(attempt, delivery, leaseId), this.options.leaseMs / 3);
    try {
      await attempt.handling.run(() => attempt.consumer.handler.handle(claimed.event, delivery));
    } finally {
      clearInterval(heartbeat);
    }
    // Asked of the row: what a unit of work settled may have been rolled back with it.
    if (await this.isHeld(claimed.id, leaseId)) throw new DeliveryNotCompleted(delivery.consumer);
    return delivery.settled ?? 'lost';
  }

  /** Apart from the rest: a replica that has not heard of the lease may serve what the consumer reads. */
  private claim(attempt: Attempt, leaseId: string): Promise<ClaimedDelivery | undefined> {
    const take = async () => {
      const taken = await this.claims.take(attempt);
      if (taken) await this.rows.lease(taken.id, leaseId, this.options.leaseMs);
      return taken;
    };
    return readingFromPrimary(() => this.unitOfWork.run(take));
  }

  private async isHeld(id: string, leaseId: string): Promise<boolean> {
    return this.unitOfWork.read(() => this.rows.isLeased(id, leaseId), { primary: true });
  }

  private async renew(attempt: Attempt, delivery: ExternalDelivery, leaseId: string): Promise<void> {
    if (delivery.settled) return;
    const { deliveryId, consumer } = attempt.job;
    try {
      const renewed = await this.unitOfWork.run(() => this.rows.renew(deliveryId, leaseId, this.options.leaseMs));
      if (!renewed && !delivery.settled) attempt.handling.interrupt('another worker has taken the delivery over');
    } catch (error) {
      this.logger.warn(`lease of delivery ${deliveryId} for ${consumer} was not renewed: ${String(error)}`);
    }
  }
}

class ExternalDelivery extends DeliveryInHand {
  settled?: 'done' | 'deferred';

  constructor(
    attempt: Attempt,
    private readonly leaseId: string,
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: DeliveryRows,
  ) {
    super(attempt);
  }

  override async complete(): Promise<void> {
    if (!this.unitOfWork.isOpen) throw new UnitOfWorkRequired();
    if (!(await this.rows.complete(this.id, this.leaseId))) throw new DeliveryLost(this.id);
    this.settled = 'done';
  }

  override async defer(delayMs: number): Promise<void> {
    const deferred = await this.unitOfWork.run(() => this.rows.postpone(this.id, this.leaseId, delayMs));
    if (!deferred) throw new DeliveryLost(this.id);
    this.settled = 'deferred';
  }
}
