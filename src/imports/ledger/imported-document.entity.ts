import { Column, Entity } from 'typeorm';
import { minorUnits, TenantEntity } from '#libs/database';

/** What a source document is, by its own number. */
export type ImportedKind = 'sale' | 'cancellation' | 'bad_debt';

/** What it became here; `none` for what moves neither stock nor money. */
export type ImportedEffect = 'invoice' | 'credit_note' | 'stock_adjustment' | 'journal_entry' | 'none';

/** A source document that is in the books. Written in the transaction of its effect, so that nothing is imported twice. */
@Entity('imported_document')
export class ImportedDocument extends TenantEntity {
  /** Name of the source, e.g. `online-retail`. */
  @Column({ type: 'text' })
  source!: string;

  /** The document's number in the source. */
  @Column({ type: 'text' })
  document!: string;

  @Column({ type: 'text' })
  kind!: ImportedKind;

  @Column({ type: 'text' })
  effect!: ImportedEffect;

  @Column({ type: 'uuid', name: 'effect_id' })
  effectId!: string;

  @Column({ type: 'integer', name: 'line_count' })
  lineCount!: number;

  /** Set with the document; a table of their own. */
  lines: ImportedLine[] = [];
}

/** A source line, word for word, and the line of the books that it became. */
@Entity('imported_line')
export class ImportedLine extends TenantEntity {
  @Column({ type: 'uuid', name: 'document_id' })
  documentId!: string;

  /** Number of the line in the source file, the heading being line 1. */
  @Column({ type: 'integer', name: 'source_line' })
  sourceLine!: number;

  @Column({ type: 'text' })
  sku!: string;

  @Column({ type: 'text' })
  description!: string;

  /** With the sign of the source. */
  @Column({ type: 'integer' })
  quantity!: number;

  /** 1/10,000 of the currency's major unit. */
  @Column({ type: 'bigint', name: 'unit_price_e4', transformer: minorUnits })
  unitPriceE4!: bigint;

  /** As given, `YYYY-MM-DDTHH:MM:SS`: local time of the source. */
  @Column({ type: 'timestamp', name: 'occurred_at' })
  occurredAt!: string;

  /** As given; null for lines without a customer. */
  @Column({ type: 'text', nullable: true })
  customer!: string | null;

  /** As given. */
  @Column({ type: 'text' })
  country!: string;

  @Column({ type: 'uuid', name: 'effect_line_id', nullable: true })
  effectLineId!: string | null;
}
