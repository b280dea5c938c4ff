import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { currentTenant } from '#libs/context';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { JournalEntry, JournalLine } from './journal-entry.entity.js';
import { JournalEntryNotFound } from './journal.errors.js';

/** The only place that reads and writes journal lines. */
@Injectable()
export class JournalLinesRepository extends TenantRepository<JournalLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, JournalLine, JournalEntryNotFound);
  }

  /** All lines of the entries, each in its order. */
  async ofEntries(entryIds: readonly string[]): Promise<JournalLine[]> {
    return this.findParts({ entryId: In([...entryIds]) }, { entryId: 'ASC', lineNo: 'ASC' });
  }
}

/** What an entry records: unique together. */
export interface EntrySource {
  readonly sourceType: string;
  readonly kind: string;
  readonly sourceId: string;
}

/** One text for a source. */
export function sourceKey({ sourceType, kind, sourceId }: EntrySource): string {
  return `${sourceType} ${kind} ${sourceId}`;
}

/** The only place that reads and writes journal entries. There is no way to change one. */
@Injectable()
export class JournalRepository extends TenantRepository<JournalEntry> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: JournalLinesRepository,
  ) {
    super(unitOfWork, JournalEntry, JournalEntryNotFound);
  }

  /**
   * Of these documents, those that have an entry of the kind already, as `type kind id`. One query, however many; none for
   * documents that this unit of work has made itself.
   */
  async postedSources(sources: readonly EntrySource[]): Promise<Set<string>> {
    const earlier = sources.filter(({ sourceId }) => !this.unitOfWork.isBornHere(sourceId));
    const postedHere = sources.map(sourceKey).filter((key) => this.unitOfWork.held(heldKey(key)) !== undefined);
    return new Set([...postedHere, ...(earlier.length === 0 ? [] : await this.storedSources(earlier))]);
  }

  private async storedSources(sources: readonly EntrySource[]): Promise<string[]> {
    const rows = await this.unitOfWork.query<{ source_type: string; kind: string; source_id: string }>(
      `select s.source_type, s.kind, s.source_id
       from unnest($2::text[], $3::text[], $4::uuid[]) as s (source_type, kind, source_id)
       where exists (
         select from journal_entry e
         where e.tenant_id = $1 and e.source_type = s.source_type and e.source_id = s.source_id and e.kind = s.kind)`,
      [
        currentTenant().id,
        sources.map((source) => source.sourceType),
        sources.map((source) => source.kind),
        sources.map((source) => source.sourceId),
      ],
    );
    return rows.map((row) => sourceKey({ sourceType: row.source_type, kind: row.kind, sourceId: row.source_id }));
  }

  /** Inserts entries with all their lines: two statements, however many, while the work goes on. */
  post(entries: readonly JournalEntry[]): void {
    const lines = entries.flatMap((entry) => entry.lines);
    this.unitOfWork.inBackground(this.insert(entries));
    // Lines change the balances of their accounts.
    this.unitOfWork.inTurn(() => this.lines.insert(lines));
    for (const entry of entries) this.unitOfWork.hold(heldKey(sourceKey(entry)), entry);
  }

  /** Puts the lines into the entries. */
  async withLines(entries: readonly JournalEntry[]): Promise<JournalEntry[]> {
    if (entries.length === 0) return [];
    const lines = await this.lines.ofEntries(entries.map((entry) => entry.id));
    const byEntry = Map.groupBy(lines, (line) => line.entryId);
    return entries.map((entry) => Object.assign(entry, { lines: byEntry.get(entry.id) ?? [] }));
  }
}

function heldKey(source: string): string {
  return `entry of ${source}`;
}
