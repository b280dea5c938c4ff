import { Module } from '@nestjs/common';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { JournalLinesRepository, JournalRepository } from './journal/journal.repository.js';
import { PostEntries } from './journal/post-entries.js';

/** Double-entry books. */
@Module({
  providers: [AccountsRepository, JournalLinesRepository, JournalRepository, PostEntries],
  exports: [AccountsRepository, JournalRepository, PostEntries],
})
export class AccountingModule {}
