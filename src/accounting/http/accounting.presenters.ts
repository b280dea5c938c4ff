import { currentTenant } from '#libs/context';
import { Money, type MoneyJson } from '#libs/kernel';
import type { z } from 'zod';
import type { Account } from '../accounts/account.entity.js';
import type { TrialBalance } from '../accounts/trial-balance.queries.js';
import type { JournalEntry, JournalLine } from '../journal/journal-entry.entity.js';
import type { accountSchema, journalEntrySchema, trialBalanceSchema } from './accounting.schemas.js';

/** The account as the API shows it. */
export function presentAccount(account: Account): z.input<typeof accountSchema> {
  const { id, code, name, type, role, status, version, createdAt } = account;
  return { id, code, name, type, role, status, version, createdAt: createdAt.toISOString() };
}

/** The entry with its lines, debit and credit apart. */
export function presentEntry(entry: JournalEntry): z.input<typeof journalEntrySchema> {
  const { id, entryDate, kind, sourceType, sourceId, description, reference, createdAt, currency } = entry;
  const lines = entry.lines.map((line) => presentLine(line, currency));
  return {
    id,
    entryDate,
    kind,
    sourceType,
    sourceId,
    description,
    reference,
    lines,
    createdAt: createdAt.toISOString(),
  };
}

function presentLine(line: JournalLine, currency: string) {
  const { accountId, amountMinor, memo } = line;
  return {
    accountId,
    debit: amountMinor > 0n ? money(amountMinor, currency) : null,
    credit: amountMinor < 0n ? money(-amountMinor, currency) : null,
    memo,
  };
}

/** The trial balance in the tenant’s currency. */
export function presentTrialBalance(balance: TrialBalance): z.input<typeof trialBalanceSchema> {
  const { currency } = currentTenant();
  return {
    at: balance.at,
    currency,
    accounts: balance.lines.map(({ accountId, code, name, type, debitMinor, creditMinor }) => ({
      accountId,
      code,
      name,
      type,
      debit: money(debitMinor, currency),
      credit: money(creditMinor, currency),
      balance: money(debitMinor - creditMinor, currency),
    })),
    debit: money(balance.debitMinor, currency),
    credit: money(balance.creditMinor, currency),
    difference: money(balance.debitMinor - balance.creditMinor, currency),
  };
}

function money(minor: bigint, currency: string): MoneyJson {
  return Money.of(minor, currency).toJSON();
}
