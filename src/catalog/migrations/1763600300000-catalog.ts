import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** Categories and products. SKUs are compared exactly: two that differ in case alone are two products. */
export class Catalog1763600300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table category (
        tenant_id uuid not null,
        id uuid not null,
        slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
        name text not null check (length(name) between 1 and 120),
        parent_id uuid check (parent_id <> id),
        position integer not null default 0,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        constraint category_slug_unique unique (tenant_id, slug),
        constraint category_parent_fk foreign key (tenant_id, parent_id) references category (tenant_id, id)
      )`);
    await tenantTable(runner, 'category', { indexes: ['parent_id', ['position', 'id']] });
    await runner.query(`
      create table product (
        tenant_id uuid not null,
        id uuid not null,
        sku text not null check (length(sku) between 1 and 64),
        slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
        name text not null check (length(name) between 1 and 200),
        description text not null default '',
        kind text not null check (kind in ('goods', 'service')),
        category_id uuid,
        price_e4 bigint not null check (price_e4 >= 0),
        tax_code text not null check (length(tax_code) between 1 and 32),
        tax_rate_ppm integer not null check (tax_rate_ppm between 0 and 1000000),
        status text not null check (status in ('active', 'archived')),
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        constraint product_sku_unique unique (tenant_id, sku),
        constraint product_slug_unique unique (tenant_id, slug),
        constraint product_category_fk foreign key (tenant_id, category_id) references category (tenant_id, id)
      )`);
    await tenantTable(runner, 'product', { indexes: ['category_id', 'status', ['name', 'id']] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table product, category');
  }
}
