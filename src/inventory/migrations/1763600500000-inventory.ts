import type { MigrationInterface, QueryRunner } from 'typeorm';
import { enforceTenancy, TENANT_PREDICATE, tenantTable } from '#libs/database';

/** Warehouses, stock levels, movements, and the documents that are stock's own: receipts, openings, adjustments. */
export class Inventory1763600500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.warehouses(runner);
    await this.levels(runner);
    await this.movements(runner);
    await this.receipts(runner);
    await this.adjustments(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table stock_adjustment_line, stock_adjustment, stock_receipt_line, stock_receipt');
    await runner.query('drop function ensure_stock_movement_partitions()');
    await runner.query('drop table stock_movement, stock_level, warehouse');
  }

  private async warehouses(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table warehouse (
        tenant_id uuid not null,
        id uuid not null,
        code text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
        name text not null check (name <> ''),
        address jsonb,
        status text not null default 'active' check (status in ('active', 'archived')),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint warehouse_code_key unique (tenant_id, code)
      )`);
    await tenantTable(runner, 'warehouse', { grants: ['select', 'insert', 'update'], indexes: ['status'] });
  }

  // The CHECK constraints are the last line of "never oversold": whatever the code does, the row cannot lie.
  private async levels(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stock_level (
        tenant_id uuid not null,
        id uuid not null,
        product_id uuid not null,
        warehouse_id uuid not null,
        on_hand bigint not null default 0,
        reserved bigint not null default 0,
        value_minor bigint not null default 0,
        last_value_minor bigint check (last_value_minor >= 0),
        last_quantity bigint check (last_quantity > 0),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint stock_level_product_key unique (tenant_id, product_id, warehouse_id),
        constraint stock_level_product_fk foreign key (tenant_id, product_id) references product (tenant_id, id),
        constraint stock_level_warehouse_fk foreign key (tenant_id, warehouse_id) references warehouse (tenant_id, id),
        constraint stock_level_on_hand_check check (on_hand between 0 and 1000000000),
        constraint stock_level_reserved_check check (reserved between 0 and on_hand),
        constraint stock_level_last_check check ((last_quantity is null) = (last_value_minor is null)),
        constraint stock_level_value_check check (value_minor >= 0 and (on_hand > 0 or value_minor = 0))
      ) with (fillfactor = 50)`);
    // Both indexes find one level: before statistics exist, the planner may take either for the movements' foreign key.
    await tenantTable(runner, 'stock_level', {
      grants: ['select', 'insert', 'update'],
      indexes: [['warehouse_id', 'product_id']],
    });
  }

  private async movements(runner: QueryRunner): Promise<void> {
    // The partition key has to be part of the primary key. The reference is to the level: product and warehouse are its.
    await runner.query(`
      create table stock_movement (
        tenant_id uuid not null,
        id uuid not null,
        recorded_at timestamptz not null,
        business_date date not null,
        kind text not null check (kind in ('receipt', 'adjustment', 'shipment', 'return', 'opening')),
        product_id uuid not null,
        warehouse_id uuid not null,
        quantity bigint not null,
        value_minor bigint not null,
        document_type text not null
          check (document_type in ('stock_receipt', 'stock_adjustment', 'sales_shipment', 'sales_return')),
        document_id uuid not null,
        line_id uuid not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id, recorded_at),
        constraint stock_movement_level_fk foreign key (tenant_id, product_id, warehouse_id)
          references stock_level (tenant_id, product_id, warehouse_id),
        constraint stock_movement_quantity_check check (quantity <> 0 and abs(quantity) <= 1000000000),
        constraint stock_movement_value_check check (value_minor = 0 or sign(value_minor) = sign(quantity))
      ) partition by range (recorded_at)`);
    await tenantTable(runner, 'stock_movement', {
      grants: ['select', 'insert'],
      indexes: [['product_id', 'warehouse_id', 'recorded_at'], 'document_id'],
    });
    await runner.query('create table stock_movement_default partition of stock_movement default');
    await enforceTenancy(runner, 'stock_movement_default');
    await this.partitionMaker(runner);
  }

  // Rows of a month that has no partition yet wait in the default one and are moved out when the month gets its own.
  // FORCE hides them from the owner too, so it is lifted for that moment, under the lock that ALTER TABLE holds; they
  // enter before the new partition is closed, which lets their foreign keys be checked one by one.
  private async partitionMaker(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function ensure_stock_movement_partitions() returns integer language plpgsql as $function$
      declare
        first timestamp := date_trunc('month', now() at time zone 'UTC');
        made integer := 0;
        part text;
        low text;
        high text;
      begin
        for step in -1..24 loop
          part := 'stock_movement_' || to_char(first + make_interval(months => step), 'YYYYMM');
          low := to_char(first + make_interval(months => step), 'YYYY-MM-DD') || ' 00:00:00+00';
          high := to_char(first + make_interval(months => step + 1), 'YYYY-MM-DD') || ' 00:00:00+00';
          continue when to_regclass(part) is not null;
          create temporary table moving (like stock_movement_default) on commit drop;
          alter table stock_movement_default no force row level security;
          with moved as (
            delete from stock_movement_default
            where recorded_at >= low::timestamptz and recorded_at < high::timestamptz returning *
          ) insert into moving select * from moved;
          alter table stock_movement_default force row level security;
          execute format('create table %I partition of stock_movement for values from (%L) to (%L)', part, low, high);
          execute format('insert into %I select * from moving', part);
          drop table moving;
          execute format('alter table %I enable row level security', part);
          execute format('alter table %I force row level security', part);
          execute format('create policy tenant_isolation on %I for all to public using (%s) with check (%s)', part,
            $policy$${TENANT_PREDICATE}$policy$, $policy$${TENANT_PREDICATE}$policy$);
          made := made + 1;
        end loop;
        return made;
      end $function$`);
    await runner.query('revoke all on function ensure_stock_movement_partitions() from public');
  }

  private async receipts(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stock_receipt (
        tenant_id uuid not null,
        id uuid not null,
        kind text not null check (kind in ('receipt', 'opening')),
        warehouse_id uuid not null,
        business_date date not null,
        reference text,
        external_ref text,
        currency char(3) not null,
        value_minor bigint not null check (value_minor >= 0),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint stock_receipt_external_ref_key unique (tenant_id, external_ref),
        constraint stock_receipt_warehouse_fk foreign key (tenant_id, warehouse_id) references warehouse (tenant_id, id)
      )`);
    await tenantTable(runner, 'stock_receipt', { grants: ['select', 'insert'], indexes: ['warehouse_id'] });
    await runner.query(`
      create table stock_receipt_line (
        tenant_id uuid not null,
        id uuid not null,
        receipt_id uuid not null,
        line_no integer not null check (line_no > 0),
        product_id uuid not null,
        quantity integer not null check (quantity between 1 and 1000000000),
        unit_cost_e4 bigint not null check (unit_cost_e4 >= 0),
        value_minor bigint not null check (value_minor >= 0),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint stock_receipt_line_no_key unique (tenant_id, receipt_id, line_no),
        constraint stock_receipt_line_receipt_fk foreign key (tenant_id, receipt_id)
          references stock_receipt (tenant_id, id),
        constraint stock_receipt_line_product_fk foreign key (tenant_id, product_id) references product (tenant_id, id)
      )`);
    await tenantTable(runner, 'stock_receipt_line', { grants: ['select', 'insert'], indexes: ['product_id'] });
  }

  private async adjustments(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stock_adjustment (
        tenant_id uuid not null,
        id uuid not null,
        warehouse_id uuid not null,
        business_date date not null,
        reference text,
        external_ref text,
        currency char(3) not null,
        value_minor bigint not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint stock_adjustment_external_ref_key unique (tenant_id, external_ref),
        constraint stock_adjustment_warehouse_fk foreign key (tenant_id, warehouse_id)
          references warehouse (tenant_id, id)
      )`);
    await tenantTable(runner, 'stock_adjustment', { grants: ['select', 'insert'], indexes: ['warehouse_id'] });
    await runner.query(`
      create table stock_adjustment_line (
        tenant_id uuid not null,
        id uuid not null,
        adjustment_id uuid not null,
        line_no integer not null check (line_no > 0),
        product_id uuid not null,
        quantity integer not null check (quantity <> 0 and abs(quantity::bigint) <= 1000000000),
        reason text not null check (reason <> ''),
        unit_cost_e4 bigint check (unit_cost_e4 >= 0),
        value_minor bigint not null check (value_minor = 0 or sign(value_minor) = sign(quantity)),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint stock_adjustment_line_no_key unique (tenant_id, adjustment_id, line_no),
        constraint stock_adjustment_line_adjustment_fk foreign key (tenant_id, adjustment_id)
          references stock_adjustment (tenant_id, id),
        constraint stock_adjustment_line_product_fk foreign key (tenant_id, product_id)
          references product (tenant_id, id)
      )`);
    await tenantTable(runner, 'stock_adjustment_line', { grants: ['select', 'insert'], indexes: ['product_id'] });
  }
}
