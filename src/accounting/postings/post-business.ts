import { Injectable } from '@nestjs/common';
import { type NewEntry, PostEntries } from '../journal/post-entries.js';
import { paymentEntry, refundEntry, salesDocumentEntry, type SalesDocumentKind, stockEntry } from './entries.js';
import type { PaymentFacts, RefundFacts, SalesDocumentFacts, StockMovementFacts } from './facts.js';

/** Something of the business that the books have to show. */
export type PostableFact =
  | { readonly type: SalesDocumentKind; readonly facts: SalesDocumentFacts }
  | { readonly type: 'stock'; readonly facts: StockMovementFacts }
  | { readonly type: 'payment'; readonly facts: PaymentFacts }
  | { readonly type: 'refund'; readonly facts: RefundFacts }
  /** A receivable that is given up (positive), or one given up too much (negative). Has no other document. */
  | { readonly type: 'bad_debt'; readonly facts: BadDebtFacts };

/** Why a receivable is written off. */
export interface BadDebtFacts {
  readonly id: string;
  readonly businessDate: string;
  readonly amountMinor: bigint;
  readonly description: string;
  readonly reference: string;
}

/** Posts what happened in the business, each fact once, in a constant number of statements for any number of facts. */
@Injectable()
export class PostBusinessFacts {
  constructor(private readonly postEntries: PostEntries) {}

  async execute(facts: readonly PostableFact[]): Promise<void> {
    await this.postEntries.execute(facts.map(entryOf));
  }
}

function entryOf(fact: PostableFact): NewEntry {
  switch (fact.type) {
    case 'invoice':
    case 'credit_note':
      return salesDocumentEntry(fact.type, fact.facts);
    case 'stock':
      return stockEntry(fact.facts);
    case 'payment':
      return paymentEntry(fact.facts);
    case 'refund':
      return refundEntry(fact.facts);
    case 'bad_debt':
      return badDebtEntry(fact.facts);
  }
}

function badDebtEntry(facts: BadDebtFacts): NewEntry {
  return {
    entryDate: facts.businessDate,
    kind: 'bad_debt',
    sourceType: 'bad_debt',
    sourceId: facts.id,
    description: facts.description,
    reference: facts.reference,
    legs: [
      { account: { role: 'bad_debt' }, amountMinor: facts.amountMinor },
      { account: { role: 'receivable' }, amountMinor: -facts.amountMinor },
    ],
  };
}
