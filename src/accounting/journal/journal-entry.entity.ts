import { Column, Entity } from 'typeorm';
import { minorUnits, TenantEntity } from '#libs/database';

/** What an entry records. */
export const ENTRY_KINDS = [
  'invoice',
  'credit_note',
  'payment',
  'refund',
  'opening',
  'receipt',
  'shipment',
  'return',
  'adjustment',
  'bad_debt',
  'manual',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A journal entry. Posted once, never changed: corrections are entries of their own. */
@Entity('journal_entry')
export class JournalEntry extends TenantEntity {
  /** The tenant's local date the entry belongs to. */
  @Column({ type: 'date', name: 'entry_date' })
  entryDate!: string;

  @Column({ type: 'text' })
  kind!: EntryKind;

  /** The document the entry records; together with the kind it is unique, so that nothing is posted twice. */
  @Column({ type: 'text', name: 'source_type' })
  sourceType!: string;

  @Column({ type: 'uuid', name: 'source_id' })
  sourceId!: string;

  @Column({ type: 'character', length: 3 })
  currency!: string;

  @Column({ type: 'text' })
  description!: string;

  /** The document's number, for people. */
  @Column({ type: 'text', nullable: true })
  reference!: string | null;

  /** Set with the entry; not a column. */
  lines: JournalLine[] = [];
}

/** One leg of an entry. */
@Entity('journal_line')
export class JournalLine extends TenantEntity {
  @Column({ type: 'uuid', name: 'entry_id' })
  entryId!: string;

  @Column({ type: 'integer', name: 'line_no' })
  lineNo!: number;

  @Column({ type: 'uuid', name: 'account_id' })
  accountId!: string;

  /** Minor units; debit positive, credit negative, never zero. */
  @Column({ type: 'bigint', name: 'amount_minor', transformer: minorUnits })
  amountMinor!: bigint;

  @Column({ type: 'text', nullable: true })
  memo!: string | null;
}
