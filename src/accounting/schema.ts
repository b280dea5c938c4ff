import type { CapabilitySchema } from '#libs/database';
import { Account } from './accounts/account.entity.js';
import { JournalEntry, JournalLine } from './journal/journal-entry.entity.js';
import { Accounting1763600900000 } from './migrations/1763600900000-accounting.js';
import { AccountingTimes1763701303000 } from './migrations/1763701303000-accounting-times.js';

/** Tables of the books. */
export const accountingSchema: CapabilitySchema = {
  entities: [Account, JournalEntry, JournalLine],
  migrations: [Accounting1763600900000, AccountingTimes1763701303000],
};
