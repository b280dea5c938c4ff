import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { Payment } from './payment.entity.js';
import { PaymentNotFound } from './payment.errors.js';

/** The only place that reads and writes payments. */
@Injectable()
export class PaymentsRepository extends TenantRepository<Payment> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Payment, PaymentNotFound);
  }

  /** What customers have paid or are paying for the order, less what they got back; minor units. */
  async claimedMinor(orderId: string): Promise<bigint> {
    const [row] = await this.unitOfWork.query<{ claimed: string }>(
      `select coalesce(sum(amount_minor - refunded_minor), 0)::text claimed
       from payment where tenant_id = $1 and order_id = $2 and status <> 'failed'`,
      [currentTenant().id, orderId],
    );
    return BigInt(row?.claimed ?? 0);
  }
}
