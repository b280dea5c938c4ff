import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** Categories and products. SKUs are compared exactly: two that differ in case alone are two products. */
export class Catalog1763600300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table category (
        tenant_id uuid not null,
        id uuid not null,
        slug text collate "C" not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
        name text not null check (length(name) between 1 and 120),
        parent_id uuid,
        position integer not null default 0,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        constraint category_slug_unique unique (tenant_id, slug),
        constraint category_parent_fk foreign key (tenant_id, parent_id) references category (tenant_id, id)
      )`);
    await tenantTable(runner, 'category', { indexes: ['parent_id', ['position', 'id']] });
    await keepCategoriesATree(runner);
    await runner.query(`
      create table product (
        tenant_id uuid not null,
        id uuid not null,
        sku text not null check (length(sku) between 1 and 64),
        slug text collate "C" not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
        name text not null check (length(name) between 1 and 200),
        description text not null default '' check (length(description) <= 10000),
        kind text not null check (kind in ('goods', 'service')),
        category_id uuid,
        price_e4 bigint not null check (price_e4 >= 0),
        tax_code text not null check (length(tax_code) between 1 and 32),
        tax_rate_ppm integer not null check (tax_rate_ppm between 0 and 1000000),
        status text not null check (status in ('active', 'archived')),
        search_text text collate "C" not null,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        constraint product_sku_unique unique (tenant_id, sku),
        constraint product_slug_unique unique (tenant_id, slug),
        constraint product_category_fk foreign key (tenant_id, category_id) references category (tenant_id, id)
      )`);
    await tenantTable(runner, 'product', {
      grants: ['select', 'insert', 'update'],
      indexes: ['category_id', 'status', ['search_text', 'id']],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table product, category');
    await runner.query('drop function category_stays_a_tree');
  }
}

/**
 * No category becomes its own ancestor. One move at a time per tenant: of two moves that would close a ring together,
 * each alone is fine. The walk's queries see what was committed while it waited for the lock (read committed).
 */
async function keepCategoriesATree(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create function category_stays_a_tree() returns trigger language plpgsql as $$
    declare
      ancestor_id uuid := new.parent_id;
      depth integer := 0;
    begin
      perform pg_advisory_xact_lock(hashtextextended('category.tree ' || new.tenant_id, 0));
      while ancestor_id is not null loop
        depth := depth + 1;
        if ancestor_id = new.id or depth > 100 then
          raise exception 'category % would be its own ancestor, or nests deeper than 100', new.id
            using errcode = '23514', constraint = 'category_tree';
        end if;
        select parent_id into ancestor_id from category where tenant_id = new.tenant_id and id = ancestor_id;
      end loop;
      return null;
    end $$`);
  await runner.query(`
    create trigger category_stays_a_tree_when_made after insert on category
    for each row when (new.parent_id is not null) execute function category_stays_a_tree()`);
  await runner.query(`
    create trigger category_stays_a_tree_when_moved after update on category
    for each row when (new.parent_id is not null and new.parent_id is distinct from old.parent_id)
    execute function category_stays_a_tree()`);
}
