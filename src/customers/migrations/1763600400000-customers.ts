import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** Customers: people and companies with a billing and a shipping address. */
export class Customers1763600400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table customer (
        tenant_id uuid not null,
        id uuid not null,
        number text not null check (number ~ '^C-[0-9]{6,}$'),
        kind text not null check (kind in ('person', 'company')),
        name text not null check (length(name) between 1 and 200),
        email text check (length(email) <= 254),
        phone text check (length(phone) <= 40),
        tax_number text check (length(tax_number) <= 40),
        external_ref text check (length(external_ref) between 1 and 100),
        billing_address jsonb not null check (jsonb_typeof(billing_address) = 'object'),
        shipping_address jsonb not null check (jsonb_typeof(shipping_address) = 'object'),
        status text not null check (status in ('active', 'archived')),
        search_text text collate "C" not null,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        constraint customer_number_unique unique (tenant_id, number),
        constraint customer_external_ref_unique unique (tenant_id, external_ref)
      )`);
    await tenantTable(runner, 'customer', {
      grants: ['select', 'insert', 'update'],
      indexes: ['status', 'email'],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table customer');
  }
}
