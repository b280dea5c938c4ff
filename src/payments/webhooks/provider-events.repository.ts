import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { PaymentNotFound } from '../payments/payment.errors.js';
import { ProviderEvent } from './provider-event.entity.js';

/** The only place that reads and writes what providers told. */
@Injectable()
export class ProviderEventsRepository extends TenantRepository<ProviderEvent> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, ProviderEvent, PaymentNotFound);
  }

  /**
   * Writes the event down unless it is there. While another transaction is at the same event, this waits for its end.
   * @returns false when it was there
   */
  async insertOnce({ id, provider, eventId, type, paymentId, refundId, receivedAt }: ProviderEvent): Promise<boolean> {
    const inserted = await this.unitOfWork.execute(
      `insert into payment_provider_event
         (tenant_id, id, provider, event_id, type, payment_id, refund_id, received_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [currentTenant().id, id, provider, eventId, type, paymentId, refundId, receivedAt],
    );
    return inserted === 1;
  }
}
