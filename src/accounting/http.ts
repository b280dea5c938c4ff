import { Module } from '@nestjs/common';
import { AccountingModule } from './accounting.module.js';
import { AccountsController } from './http/accounts.controller.js';
import { JournalEntriesController } from './http/journal-entries.controller.js';
import { TrialBalanceController } from './http/trial-balance.controller.js';

/** The accounting endpoints. */
@Module({
  imports: [AccountingModule],
  controllers: [AccountsController, JournalEntriesController, TrialBalanceController],
})
export class AccountingHttpModule {}
