import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** The company behind a tenant. Its one row is also the mark that the tenant was provisioned. */
export class Company1763600100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table company (
        tenant_id uuid not null,
        id uuid not null,
        legal_name text not null check (legal_name <> ''),
        address_lines text[] not null default '{}' check (cardinality(address_lines) <= 6),
        country char(2) not null check (country ~ '^[A-Z]{2}$'),
        tax_number text,
        email text,
        payment_terms_days integer not null default 30 check (payment_terms_days between 0 and 365),
        invoice_footer text,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint company_one_a_tenant unique (tenant_id)
      )`);
    await tenantTable(runner, 'company', { grants: ['select', 'insert', 'update'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table company');
  }
}
