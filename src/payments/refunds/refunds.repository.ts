import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { Refund } from './refund.entity.js';
import { RefundNotFound } from './refund.errors.js';

/** The only place that reads and writes refunds. */
@Injectable()
export class RefundsRepository extends TenantRepository<Refund> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Refund, RefundNotFound);
  }
}
