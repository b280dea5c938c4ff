import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { AccountClosed, AccountKeptByStock, AccountNotFound } from '../accounts/account.errors.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import type { JournalEntry } from './journal-entry.entity.js';
import { JournalEntryUnbalanced } from './journal.errors.js';
import { PostEntries } from './post-entries.js';

/** An entry made by hand. */
export interface ManualEntry {
  readonly entryDate: string;
  readonly description: string;
  readonly reference?: string | undefined;
  readonly lines: readonly {
    readonly accountId: string;
    readonly amountMinor: bigint;
    readonly memo?: string | undefined;
  }[];
}

/** Posts an entry made by hand, on active accounts. Not on inventory, which is the sum of the stock levels. */
@Injectable()
export class PostManualEntry {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly postEntries: PostEntries,
  ) {}

  /** @throws AccountNotFound, AccountClosed, AccountKeptByStock, JournalEntryUnbalanced */
  async execute(input: ManualEntry): Promise<JournalEntry> {
    return this.unitOfWork.run(async () => {
      await this.refuseUnusableAccounts(input.lines.map((line) => line.accountId));
      const [posted] = await this.postEntries.execute([
        {
          entryDate: input.entryDate,
          kind: 'manual',
          sourceType: 'manual',
          sourceId: uuidv7(),
          description: input.description,
          reference: input.reference,
          legs: input.lines.map(({ accountId, amountMinor, memo }) => ({
            account: { id: accountId },
            amountMinor,
            memo,
          })),
        },
      ]);
      if (!posted) throw new JournalEntryUnbalanced(0n);
      return posted;
    });
  }

  private async refuseUnusableAccounts(ids: readonly string[]): Promise<void> {
    const found = new Map((await this.accounts.findByIds(ids)).map((account) => [account.id, account]));
    for (const id of ids) {
      const account = found.get(id);
      if (!account) throw new AccountNotFound(id);
      if (account.status === 'closed') throw new AccountClosed(id);
      if (account.role === 'inventory') throw new AccountKeptByStock(id);
    }
  }
}
