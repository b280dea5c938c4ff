import { DomainError } from '#libs/kernel';

/** No refund of this tenant has the id. */
export class RefundNotFound extends DomainError {
  static readonly code = 'payments.refund.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no refund ${id}.`, { id });
  }
}
