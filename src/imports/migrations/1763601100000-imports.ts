import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** What was imported from where: one row per source document, written with its effect, and one per source line. */
export class Imports1763601100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table imported_document (
        tenant_id uuid not null,
        id uuid not null,
        source text not null check (source ~ '^[a-z][a-z0-9-]*$'),
        document text not null check (length(document) between 1 and 100),
        kind text not null check (kind in ('sale', 'cancellation', 'bad_debt')),
        effect text not null check (effect in ('invoice', 'credit_note', 'stock_adjustment', 'journal_entry', 'none')),
        effect_id uuid not null,
        line_count integer not null check (line_count > 0),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint imported_document_unique unique (tenant_id, source, document)
      )`);
    await tenantTable(runner, 'imported_document', { grants: ['select', 'insert'], indexes: ['effect_id'] });
    await runner.query(`
      create table imported_line (
        tenant_id uuid not null,
        id uuid not null,
        document_id uuid not null,
        source_line integer not null check (source_line > 0),
        sku text not null,
        description text not null,
        quantity integer not null,
        unit_price_e4 bigint not null,
        occurred_at timestamp not null,
        customer text,
        country text not null,
        effect_line_id uuid,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint imported_line_document_fk foreign key (tenant_id, document_id) references imported_document (tenant_id, id)
      )`);
    await tenantTable(runner, 'imported_line', {
      grants: ['select', 'insert'],
      indexes: ['document_id', 'effect_line_id'],
    });
    await runner.query(`comment on column imported_line.occurred_at is 'as given: local time of the source'`);
    await runner.query(
      `comment on column imported_line.effect_line_id is 'the line of the invoice, credit note or adjustment it became; null for bad debts, which are entries'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table imported_line, imported_document');
  }
}
