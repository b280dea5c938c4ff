import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/**
 * Invoices and credit notes. What was issued is a fact: the application role may update nothing but what has been
 * credited since and where the PDF is.
 */
export class Invoicing1763600800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createDocument(runner, 'invoice');
    await createInvoiceParts(runner);
    await createDocument(runner, 'credit_note');
    await createCreditNoteParts(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table credit_note_tax, credit_note_line, credit_note, invoice_tax, invoice_line, invoice');
  }
}

/** What the two kinds of document have in common. */
async function createDocument(runner: QueryRunner, table: 'invoice' | 'credit_note'): Promise<void> {
  const own =
    table === 'invoice'
      ? `order_id uuid,
         order_number text,
         supply_on date not null,
         due_on date not null,
         constraint invoice_order_unique unique (tenant_id, order_id),
         constraint invoice_order_fk foreign key (tenant_id, order_id) references sales_order (tenant_id, id),`
      : `invoice_id uuid,
         reason text not null check (reason in ('cancellation', 'return', 'goodwill')),
         note text check (length(note) <= 500),
         goods_returned boolean not null,
         constraint credit_note_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),`;
  await runner.query(`
    create table ${table} (
      tenant_id uuid not null,
      id uuid not null,
      number text not null,
      year smallint not null,
      sequence integer not null check (sequence > 0),
      customer_id uuid not null,
      status text not null check (status = 'issued'),
      issued_on date not null,
      issued_at timestamptz not null,
      currency char(3) not null,
      price_mode text not null check (price_mode in ('net', 'gross')),
      net_minor bigint not null,
      tax_minor bigint not null,
      total_minor bigint not null,
      seller jsonb not null,
      buyer jsonb not null,
      external_ref text check (length(external_ref) between 1 and 200),
      pdf_key text,
      pdf_rendered_at timestamptz,
      created_at timestamptz not null default now(),
      ${own}
      primary key (tenant_id, id),
      constraint ${table}_number_unique unique (tenant_id, number),
      constraint ${table}_sequence_unique unique (tenant_id, year, sequence),
      constraint ${table}_external_ref_unique unique (tenant_id, external_ref),
      constraint ${table}_total_check check (net_minor + tax_minor = total_minor),
      constraint ${table}_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, id)
    )`);
  await tenantTable(runner, table, {
    grants: ['select', 'insert'],
    indexes: ['customer_id', 'status', ['issued_on', 'id'], ...(table === 'credit_note' ? ['invoice_id'] : [])],
  });
  await runner.query(`grant update (pdf_key, pdf_rendered_at) on ${table} to quoin_app`);
}

async function createInvoiceParts(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table invoice_line (
      tenant_id uuid not null,
      id uuid not null,
      invoice_id uuid not null,
      order_line_id uuid,
      line_no integer not null check (line_no > 0),
      kind text not null check (kind in ('goods', 'service')),
      product_id uuid,
      sku text not null,
      name text not null,
      quantity integer not null check (quantity > 0),
      unit_price_e4 bigint not null,
      tax_code text not null,
      tax_rate_ppm integer not null,
      amount_minor bigint not null,
      credited_quantity integer not null default 0,
      credited_minor bigint not null default 0,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint invoice_line_no_unique unique (tenant_id, invoice_id, line_no),
      constraint invoice_line_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
      constraint invoice_line_order_line_fk foreign key (tenant_id, order_line_id) references sales_order_line (tenant_id, id),
      constraint invoice_line_product_fk foreign key (tenant_id, product_id) references product (tenant_id, id),
      constraint invoice_line_credited_check check (credited_quantity between 0 and quantity),
      constraint invoice_line_all_credited_check check (credited_quantity < quantity or credited_minor = amount_minor)
    )`);
  await tenantTable(runner, 'invoice_line', {
    grants: ['select', 'insert'],
    indexes: ['order_line_id', 'product_id', ['sku', 'unit_price_e4']],
  });
  await runner.query('grant update (credited_quantity, credited_minor) on invoice_line to quoin_app');
  // What is credited may pass the base for a while: goods are credited before the discount at their rate. Lines bound it.
  await runner.query(`
    create table invoice_tax (
      tenant_id uuid not null,
      id uuid not null,
      invoice_id uuid not null,
      code text not null,
      rate_ppm integer not null,
      base_minor bigint not null,
      tax_minor bigint not null,
      credited_base_minor bigint not null default 0,
      credited_tax_minor bigint not null default 0,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint invoice_tax_unique unique (tenant_id, invoice_id, code, rate_ppm),
      constraint invoice_tax_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, id)
    )`);
  await tenantTable(runner, 'invoice_tax', { grants: ['select', 'insert'] });
  await runner.query('grant update (credited_base_minor, credited_tax_minor) on invoice_tax to quoin_app');
}

async function createCreditNoteParts(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table credit_note_line (
      tenant_id uuid not null,
      id uuid not null,
      credit_note_id uuid not null,
      invoice_line_id uuid,
      line_no integer not null check (line_no > 0),
      kind text not null check (kind in ('goods', 'service')),
      product_id uuid,
      sku text not null,
      name text not null,
      quantity integer not null check (quantity > 0),
      unit_price_e4 bigint not null,
      tax_code text not null,
      tax_rate_ppm integer not null,
      amount_minor bigint not null,
      goods_returned boolean not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint credit_note_line_no_unique unique (tenant_id, credit_note_id, line_no),
      constraint credit_note_line_note_fk foreign key (tenant_id, credit_note_id) references credit_note (tenant_id, id),
      constraint credit_note_line_invoice_line_fk foreign key (tenant_id, invoice_line_id) references invoice_line (tenant_id, id),
      constraint credit_note_line_product_fk foreign key (tenant_id, product_id) references product (tenant_id, id)
    )`);
  await tenantTable(runner, 'credit_note_line', {
    grants: ['select', 'insert'],
    indexes: ['invoice_line_id', 'product_id'],
  });
  await runner.query(`
    create table credit_note_tax (
      tenant_id uuid not null,
      id uuid not null,
      credit_note_id uuid not null,
      code text not null,
      rate_ppm integer not null,
      base_minor bigint not null,
      tax_minor bigint not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint credit_note_tax_unique unique (tenant_id, credit_note_id, code, rate_ppm),
      constraint credit_note_tax_note_fk foreign key (tenant_id, credit_note_id) references credit_note (tenant_id, id)
    )`);
  await tenantTable(runner, 'credit_note_tax', { grants: ['select', 'insert'] });
}
