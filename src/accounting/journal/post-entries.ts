import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { AccountRole } from '../accounts/account.entity.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { type EntryKind, JournalEntry, JournalLine } from './journal-entry.entity.js';
import { JournalEntryUnbalanced } from './journal.errors.js';
import { JournalRepository, sourceKey } from './journal.repository.js';

/** One leg: by role for Quoin's own postings, by account for entries made by hand. */
export interface Leg {
  readonly account: { readonly role: AccountRole } | { readonly id: string };
  /** Minor units; debit positive, credit negative. Zero legs are left out. */
  readonly amountMinor: bigint;
  readonly memo?: string | undefined;
}

/** An entry to be posted. */
export interface NewEntry {
  readonly entryDate: string;
  readonly kind: EntryKind;
  readonly sourceType: string;
  readonly sourceId: string;
  readonly description: string;
  readonly reference?: string | undefined;
  readonly legs: readonly Leg[];
}

/**
 * Posts journal entries, one or many, in a constant number of statements. A document that has its entry already is
 * passed over: posting again does nothing. The database checks every entry once more at commit.
 */
@Injectable()
export class PostEntries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly journal: JournalRepository,
  ) {}

  /**
   * @returns the entries that were posted now; a document of value zero has none
   * @throws JournalEntryUnbalanced before anything is written
   */
  async execute(inputs: readonly NewEntry[]): Promise<JournalEntry[]> {
    const worthPosting = inputs.filter((input) => input.legs.some((leg) => leg.amountMinor !== 0n));
    for (const input of worthPosting) assertBalanced(input);
    if (worthPosting.length === 0) return [];
    return this.unitOfWork.run(async () => {
      const fresh = await this.notYetPosted(worthPosting);
      if (fresh.length === 0) return [];
      const roles = fresh.flatMap((input) =>
        input.legs.flatMap((leg) => ('role' in leg.account ? [leg.account.role] : [])),
      );
      const byRole = roles.length === 0 ? new Map<AccountRole, string>() : await this.accounts.byRoles(roles);
      const entries = fresh.map((input) => entryOf(input, byRole));
      this.journal.post(entries);
      return entries;
    });
  }

  private async notYetPosted(inputs: readonly NewEntry[]): Promise<NewEntry[]> {
    const posted = await this.journal.postedSources(inputs);
    return inputs.filter((input) => !posted.has(sourceKey(input)));
  }
}

function assertBalanced(input: NewEntry): void {
  const difference = input.legs.reduce((sum, leg) => sum + leg.amountMinor, 0n);
  const legs = input.legs.filter((leg) => leg.amountMinor !== 0n);
  if (difference !== 0n || legs.length < 2) throw new JournalEntryUnbalanced(difference);
}

function entryOf(input: NewEntry, byRole: ReadonlyMap<AccountRole, string>): JournalEntry {
  const entry = new JournalEntry();
  entry.entryDate = input.entryDate;
  entry.kind = input.kind;
  entry.sourceType = input.sourceType;
  entry.sourceId = input.sourceId;
  entry.currency = currentTenant().currency;
  entry.description = input.description;
  entry.reference = input.reference ?? null;
  const legs = input.legs.filter((leg) => leg.amountMinor !== 0n);
  entry.lines = legs.map((leg, index) => {
    const line = new JournalLine();
    line.entryId = entry.id;
    line.lineNo = index + 1;
    line.accountId = 'role' in leg.account ? (byRole.get(leg.account.role) ?? '') : leg.account.id;
    line.amountMinor = leg.amountMinor;
    line.memo = leg.memo ?? null;
    return line;
  });
  return entry;
}
