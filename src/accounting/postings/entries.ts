import type { AccountRole } from '../accounts/account.entity.js';
import type { Leg, NewEntry } from '../journal/post-entries.js';
import type { PaymentFacts, RefundFacts, SalesDocumentFacts, StockMovementFacts } from './facts.js';

/** A sales document and which one it is. */
export type SalesDocumentKind = 'invoice' | 'credit_note';

const TITLES = {
  invoice: 'Invoice',
  credit_note: 'Credit note',
  opening: 'Opening stock',
  receipt: 'Goods received',
  shipment: 'Goods shipped',
  return: 'Goods returned',
  adjustment: 'Stock adjustment',
} as const;

/** Invoice: receivable to revenue and tax. Credit note: the same the other way round. */
export function salesDocumentEntry(kind: SalesDocumentKind, facts: SalesDocumentFacts): NewEntry {
  const sign = kind === 'invoice' ? 1n : -1n;
  return {
    entryDate: facts.businessDate,
    kind,
    sourceType: kind,
    sourceId: facts.documentId,
    description: `${TITLES[kind]} ${facts.number}`,
    reference: facts.number,
    legs: [
      leg('receivable', sign * facts.totalMinor),
      leg('revenue', -sign * facts.netMinor),
      leg('tax_payable', -sign * facts.taxMinor),
    ],
  };
}

/** A change of the value of stock, against the account that says why it changed. */
export function stockEntry(facts: StockMovementFacts): NewEntry {
  return {
    entryDate: facts.businessDate,
    kind: facts.documentType,
    sourceType: `stock_${facts.documentType}`,
    // A credit note may take goods back in several steps, one for each order it touches.
    sourceId: facts.documentType === 'return' ? facts.eventId : facts.documentId,
    description: facts.reference ? `${TITLES[facts.documentType]} ${facts.reference}` : TITLES[facts.documentType],
    reference: facts.reference ?? undefined,
    legs: [leg('inventory', facts.valueMinor), leg(stockCounterpart(facts), -facts.valueMinor)],
  };
}

/** Money in: bank to receivable. */
export function paymentEntry(facts: PaymentFacts): NewEntry {
  return moneyEntry('payment', facts.paymentId, facts.businessDate, facts.amountMinor);
}

/** Money back: receivable to bank. */
export function refundEntry(facts: RefundFacts): NewEntry {
  return moneyEntry('refund', facts.refundId, facts.businessDate, -facts.amountMinor);
}

function moneyEntry(kind: 'payment' | 'refund', sourceId: string, entryDate: string, inMinor: bigint): NewEntry {
  const description = kind === 'payment' ? 'Payment received' : 'Payment refunded';
  const legs = [leg('bank', inMinor), leg('receivable', -inMinor)];
  return { entryDate, kind, sourceType: kind, sourceId, description, legs };
}

function stockCounterpart({ documentType, valueMinor }: StockMovementFacts): AccountRole {
  switch (documentType) {
    case 'opening':
      return 'equity_opening';
    case 'receipt':
      return 'goods_received';
    case 'shipment':
    case 'return':
      return 'cogs';
    case 'adjustment':
      return valueMinor > 0n ? 'stock_gain' : 'stock_loss';
  }
}

function leg(role: AccountRole, amountMinor: bigint): Leg {
  return { account: { role }, amountMinor };
}
