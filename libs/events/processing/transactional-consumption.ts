import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Attempt, Outcome } from './attempt.js';
import { Claims } from './claims.js';
import { DeliveryLost } from './delivery.errors.js';
import { DeliveryInHand } from './delivery-in-hand.js';
import { DeliveryRows } from './delivery-rows.js';

/**
 * Runs normal consumers: claim, effect and completion in one unit of work. The row's lock keeps a second worker out
 * until this one has committed or died, and a worker that was paused past that finds its transaction gone.
 */
@Injectable()
export class TransactionalConsumption {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: DeliveryRows,
    private readonly claims: Claims,
  ) {}

  async run(attempt: Attempt): Promise<Outcome> {
    return this.unitOfWork.run(async () => {
      const claimed = await this.claims.take(attempt);
      if (!claimed) return 'left';
      const delivery = new TransactionalDelivery(attempt, this.rows);
      await attempt.handling.run(() => attempt.consumer.handler.handle(claimed.event, delivery));
      if (delivery.deferred) return 'deferred';
      if (!(await this.rows.complete(claimed.id, attempt.leaseId))) throw new DeliveryLost(claimed.id);
      return 'done';
    });
  }
}

class TransactionalDelivery extends DeliveryInHand {
  deferred = false;

  constructor(
    private readonly of: Attempt,
    private readonly rows: DeliveryRows,
  ) {
    super(of);
  }

  override async complete(): Promise<void> {
    throw new Error(`consumer '${this.consumer}' is not external: its delivery is completed for it`);
  }

  override async defer(delayMs: number): Promise<void> {
    if (!(await this.rows.postpone(this.id, this.of.leaseId, delayMs))) throw new DeliveryLost(this.id);
    this.deferred = true;
  }
}
