import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { currentTenant } from '#libs/context';
import { Answers, IdParam, Refuses, RequiresPermission } from '#libs/http';
import { CurrencyMismatch, InvalidCursor, InvalidMoney, Money, type MoneyJson } from '#libs/kernel';
import { AccountClosed, AccountKeptByStock, AccountNotFound } from '../accounts/account.errors.js';
import { JournalEntryNotFound, JournalEntryUnbalanced } from '../journal/journal.errors.js';
import { JournalQueries } from '../journal/journal.queries.js';
import { PostManualEntry } from '../journal/post-manual-entry.js';
import { presentEntry } from './accounting.presenters.js';
import {
  journalEntrySchema,
  journalListQuery,
  journalPageSchema,
  newJournalEntrySchema,
} from './accounting.schemas.js';

/** The journal. What is posted stays: a correction is an entry of its own. */
@ApiTags('Accounting')
@Controller({ path: 'journal-entries', version: '1' })
export class JournalEntriesController {
  constructor(
    private readonly queries: JournalQueries,
    private readonly postManualEntry: PostManualEntry,
  ) {}

  @Get()
  @RequiresPermission('accounting.read')
  @Answers(200, journalPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: journalListQuery }) query: z.output<typeof journalListQuery>) {
    const { limit, cursor, ...filter } = query;
    const page = await this.queries.page(filter, limit, cursor);
    return { items: page.items.map(presentEntry), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @RequiresPermission('accounting.read')
  @Answers(200, journalEntrySchema)
  @Refuses(JournalEntryNotFound)
  async get(@IdParam() id: string) {
    return presentEntry(await this.queries.get(id));
  }

  @Post()
  @RequiresPermission('accounting.write')
  @Answers(201, journalEntrySchema)
  @Refuses(JournalEntryUnbalanced, AccountNotFound, AccountClosed, AccountKeptByStock, InvalidMoney, CurrencyMismatch)
  async post(@Body({ schema: newJournalEntrySchema }) body: z.output<typeof newJournalEntrySchema>) {
    const lines = body.lines.map(({ accountId, debit, credit, memo }) => ({
      accountId,
      amountMinor: amount(debit) - amount(credit),
      memo,
    }));
    return presentEntry(await this.postManualEntry.execute({ ...body, lines }));
  }
}

/** In the tenant's currency. */
function amount(money: MoneyJson | undefined): bigint {
  if (money === undefined) return 0n;
  const parsed = Money.fromJSON(money);
  const { currency } = currentTenant();
  if (parsed.currency !== currency) throw new CurrencyMismatch(currency, parsed.currency);
  return parsed.minor;
}
