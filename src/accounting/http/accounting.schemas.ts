import { currencySchema, dateSchema, instantSchema, moneySchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { z } from 'zod';
import { ACCOUNT_ROLES, ACCOUNT_TYPES } from '../accounts/account.entity.js';
import { ENTRY_KINDS } from '../journal/journal-entry.entity.js';

const accountCode = z
  .string()
  .regex(/^[0-9A-Z][0-9A-Z.-]{0,19}$/)
  .describe('Unique; sorts the trial balance');

export const accountSchema = z
  .strictObject({
    id: uuid,
    code: accountCode,
    name: z.string(),
    type: z.enum(ACCOUNT_TYPES),
    role: z.enum(ACCOUNT_ROLES).nullable().describe('What Quoin itself posts here; null for accounts of your own'),
    status: z.enum(['active', 'closed']),
    version: z.number().int(),
    createdAt: instantSchema,
  })
  .meta({ id: 'Account' });

export const newAccountSchema = z
  .strictObject({ code: accountCode, name: text({ max: 120 }), type: z.enum(ACCOUNT_TYPES) })
  .meta({ id: 'NewAccount' });

export const accountChangeSchema = z
  .strictObject({
    code: accountCode.optional(),
    name: text({ max: 120 }).optional(),
    status: z.enum(['active', 'closed']).optional(),
  })
  .meta({ id: 'AccountChange' });

export const accountPageSchema = pageOf(accountSchema);
export const accountListQuery = pageQuery({});

const journalLineSchema = z
  .strictObject({
    accountId: uuid,
    debit: moneySchema.nullable(),
    credit: moneySchema.nullable(),
    memo: z.string().nullable(),
  })
  .meta({ id: 'JournalLine' });

export const journalEntrySchema = z
  .strictObject({
    id: uuid,
    entryDate: dateSchema,
    kind: z.enum(ENTRY_KINDS),
    sourceType: z.string(),
    sourceId: uuid,
    description: z.string(),
    reference: z.string().nullable(),
    lines: z.array(journalLineSchema),
    createdAt: instantSchema,
  })
  .meta({ id: 'JournalEntry' });

export const journalPageSchema = pageOf(journalEntrySchema);
export const journalListQuery = pageQuery({
  kind: z.enum(ENTRY_KINDS).optional(),
  sourceId: uuid.optional().describe('The document that was posted'),
  entryDate: dateSchema.optional(),
});

const notNegative = moneySchema.refine((money) => !money.amount.startsWith('-'), {
  message: 'A negative debit is a credit: give it as one',
});

const newLineSchema = z
  .strictObject({
    accountId: uuid,
    debit: notNegative.optional(),
    credit: notNegative.optional(),
    memo: text({ max: 200 }).optional(),
  })
  .refine((line) => (line.debit === undefined) !== (line.credit === undefined), {
    message: 'Give either debit or credit',
  })
  .meta({ id: 'NewJournalLine' });

export const newJournalEntrySchema = z
  .strictObject({
    entryDate: dateSchema,
    description: text({ max: 500 }),
    reference: text({ max: 100 }).optional(),
    lines: z.array(newLineSchema).min(2).max(200),
  })
  .meta({ id: 'NewJournalEntry' });

export const trialBalanceQuery = z.strictObject({
  at: dateSchema.optional().describe('Last business date that counts; today in the tenant’s time zone unless given'),
});

export const trialBalanceSchema = z
  .strictObject({
    at: dateSchema,
    currency: currencySchema,
    accounts: z.array(
      z.strictObject({
        accountId: uuid,
        code: z.string(),
        name: z.string(),
        type: z.enum(ACCOUNT_TYPES),
        debit: moneySchema,
        credit: moneySchema,
        balance: moneySchema.describe('Debit less credit'),
      }),
    ),
    debit: moneySchema,
    credit: moneySchema,
    difference: moneySchema.describe('Always zero'),
  })
  .meta({ id: 'TrialBalance' });
