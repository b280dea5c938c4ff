import { Module } from '@nestjs/common';
import { EventsModule } from '#libs/events';
import { accountingSubscriptions } from './accounting.subscriptions.js';
import { AccountQueries } from './accounts/account.queries.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { LedgerBooksCheck } from './accounts/ledger-books-check.js';
import { ChangeAccount, CreateAccount } from './accounts/manage-accounts.js';
import { ProvisionChart } from './accounts/provision-chart.js';
import { TrialBalanceQueries } from './accounts/trial-balance.queries.js';
import { JournalQueries } from './journal/journal.queries.js';
import { JournalLinesRepository, JournalRepository } from './journal/journal.repository.js';
import { PostEntries } from './journal/post-entries.js';
import { PostManualEntry } from './journal/post-manual-entry.js';
import { PostBusinessFacts } from './postings/post-business.js';
import { PostEvents } from './postings/post-events.js';

const doors = [
  AccountQueries,
  ChangeAccount,
  CreateAccount,
  JournalQueries,
  LedgerBooksCheck,
  PostBusinessFacts,
  PostEvents,
  PostManualEntry,
  TrialBalanceQueries,
];

/** Double-entry books. */
@Module({
  imports: [EventsModule.subscribe(accountingSubscriptions)],
  providers: [AccountsRepository, JournalLinesRepository, JournalRepository, PostEntries, ProvisionChart, ...doors],
  exports: doors,
})
export class AccountingModule {}
