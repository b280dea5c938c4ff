import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { EntryKind, JournalEntry } from './journal-entry.entity.js';
import { JournalRepository } from './journal.repository.js';

/** Which entries a list shows. */
export interface JournalFilter {
  readonly kind?: EntryKind | undefined;
  readonly sourceId?: string | undefined;
  readonly entryDate?: string | undefined;
}

/** Reads of the journal. */
@Injectable()
export class JournalQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly journal: JournalRepository,
  ) {}

  /** With its lines. @throws JournalEntryNotFound */
  async get(id: string): Promise<JournalEntry> {
    return this.unitOfWork.read(async () => {
      const entry = await this.journal.get(id);
      await this.journal.withLines([entry]);
      return entry;
    });
  }

  /** With their lines, the newest posting first. Two queries, whatever the size of the page. */
  async page(filter: JournalFilter, limit: number, cursor?: string): Promise<Page<JournalEntry>> {
    return this.unitOfWork.read(async () => {
      const where = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      const page = await this.journal.page({ limit, cursor, where });
      await this.journal.withLines(page.items);
      return page;
    });
  }
}
