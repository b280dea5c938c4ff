import { DomainError } from '#libs/kernel';

/** No receipt has this id. */
export class StockReceiptNotFound extends DomainError {
  static readonly code = 'inventory.receipt.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super('There is no such stock receipt. List them at /v1/stock-receipts.', { receiptId: id });
  }
}
