import type { CreditReason } from './credit-note.entity.js';

/** So much of an invoice line. */
export interface CreditedLine {
  readonly invoiceLineId: string;
  /** Whole units, from 1. */
  readonly quantity: number;
  /** The goods come back into stock. */
  readonly returnGoods: boolean;
}

/** What is to be credited of one invoice. */
export interface NewCreditNote {
  readonly invoiceId: string;
  readonly reason: CreditReason;
  readonly note?: string | undefined;
  readonly lines: readonly CreditedLine[];
  readonly externalRef?: string | undefined;
}

/** Something to credit for which no invoice can be found. Prices are positive: what the customer gets back. */
export interface FreeCreditLine {
  readonly kind: 'goods' | 'service';
  readonly productId: string | null;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceE4: bigint;
  readonly taxCode: string;
  readonly taxRatePpm: number;
  /** Said on the document. Whoever issues it takes the goods into stock, since no order knows their cost. */
  readonly goodsReturned: boolean;
}

/** A credit note for lines of any invoices of a customer, and for lines of none. */
export interface NewCollectiveCreditNote {
  readonly customerId: string;
  readonly reason: CreditReason;
  readonly note?: string | undefined;
  readonly externalRef?: string | undefined;
  readonly lines: readonly (CreditedLine | FreeCreditLine)[];
}
