import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, tenantTable } from '#libs/database';

/** Sales orders, their lines, and what was shipped of them. */
export class Sales1763600600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sales_order (
        tenant_id uuid not null,
        id uuid not null,
        number text not null,
        external_ref text check (length(external_ref) between 1 and 200),
        customer_id uuid not null,
        warehouse_id uuid not null,
        status text not null check (status in ('draft', 'confirmed', 'backordered', 'reserved', 'partly_shipped',
          'shipped', 'completed', 'cancelled')),
        currency char(3) not null,
        price_mode text not null check (price_mode in ('net', 'gross')),
        ordered_on date not null,
        confirmed_at timestamptz,
        reservation_attempted_at timestamptz,
        net_minor bigint not null,
        tax_minor bigint not null,
        total_minor bigint not null check (total_minor >= 0),
        customer_name text not null,
        customer_email text,
        billing_address jsonb,
        shipping_address jsonb,
        note text,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint sales_order_number_key unique (tenant_id, number),
        constraint sales_order_external_ref_key unique (tenant_id, external_ref),
        constraint sales_order_customer_fkey foreign key (tenant_id, customer_id) references customer (tenant_id, id),
        constraint sales_order_warehouse_fkey foreign key (tenant_id, warehouse_id) references warehouse (tenant_id, id),
        constraint sales_order_total_check check (net_minor + tax_minor = total_minor),
        constraint sales_order_confirmed_check check (status in ('draft', 'cancelled') or confirmed_at is not null),
        constraint sales_order_draft_check check (status <> 'draft' or confirmed_at is null)
      )`);
    await tenantTable(runner, 'sales_order', {
      grants: ['select', 'insert', 'update'],
      indexes: ['status', 'customer_id', 'warehouse_id'],
    });
    // Who waits for stock, the one confirmed first comes first.
    await runner.query(`
      create index sales_order_waiting_idx on sales_order (tenant_id, warehouse_id, confirmed_at, id)
      where status in ('confirmed', 'backordered', 'partly_shipped')`);
    await this.lines(runner);
    await this.shipments(runner);
  }

  private async lines(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sales_order_line (
        tenant_id uuid not null,
        id uuid not null,
        order_id uuid not null,
        line_no integer not null check (line_no > 0),
        product_id uuid,
        kind text not null check (kind in ('goods', 'service')),
        sku text not null,
        name text not null,
        unit_price_e4 bigint not null,
        tax_code text not null,
        tax_rate_ppm integer not null check (tax_rate_ppm between 0 and 1000000),
        amount_minor bigint not null,
        ordered integer not null,
        reserved integer not null default 0,
        shipped integer not null default 0,
        cancelled integer not null default 0,
        invoiced integer not null default 0,
        credited integer not null default 0,
        returned integer not null default 0,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint sales_order_line_no_key unique (tenant_id, order_id, line_no),
        constraint sales_order_line_order_fkey foreign key (tenant_id, order_id) references sales_order (tenant_id, id),
        constraint sales_order_line_product_fkey foreign key (tenant_id, product_id) references product (tenant_id, id),
        constraint sales_order_line_ordered_check check (ordered between 1 and 1000000000),
        constraint sales_order_line_positive_check check (least(reserved, shipped, cancelled, invoiced, credited, returned) >= 0),
        constraint sales_order_line_open_check check (reserved + shipped + cancelled <= ordered),
        constraint sales_order_line_invoiced_check check (invoiced <= ordered),
        constraint sales_order_line_credited_check check (credited <= invoiced),
        constraint sales_order_line_returned_check check (returned <= shipped),
        constraint sales_order_line_service_check check (kind = 'goods' or reserved = 0),
        constraint sales_order_line_goods_check check (kind = 'service' or (product_id is not null and unit_price_e4 >= 0))
      )`);
    await tenantTable(runner, 'sales_order_line', { grants: ['select', 'insert', 'delete'], indexes: ['product_id'] });
    // What was agreed stays: only what happened since can be written (lines of a draft are replaced).
    await runner.query(`
      grant update (reserved, shipped, cancelled, invoiced, credited, returned) on sales_order_line to ${APP_ROLE}`);
    // Quantities change several times in a line's life: room for the new versions on the page, and no index on a quantity,
    // keep those changes out of the indexes.
    await runner.query('alter table sales_order_line set (fillfactor = 50)');
  }

  private async shipments(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sales_shipment (
        tenant_id uuid not null,
        id uuid not null,
        order_id uuid not null,
        shipment_no integer not null check (shipment_no > 0),
        number text not null,
        warehouse_id uuid not null,
        shipped_on date not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint sales_shipment_number_key unique (tenant_id, number),
        constraint sales_shipment_no_key unique (tenant_id, order_id, shipment_no),
        constraint sales_shipment_order_fkey foreign key (tenant_id, order_id) references sales_order (tenant_id, id),
        constraint sales_shipment_warehouse_fkey foreign key (tenant_id, warehouse_id) references warehouse (tenant_id, id)
      )`);
    await tenantTable(runner, 'sales_shipment', { grants: ['select', 'insert'], indexes: ['warehouse_id'] });
    await runner.query(`
      create table sales_shipment_line (
        tenant_id uuid not null,
        id uuid not null,
        shipment_id uuid not null,
        order_line_id uuid not null,
        quantity integer not null check (quantity > 0),
        cost_minor bigint not null check (cost_minor >= 0),
        returned integer not null default 0,
        returned_cost_minor bigint not null default 0,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint sales_shipment_line_key unique (tenant_id, shipment_id, order_line_id),
        constraint sales_shipment_line_shipment_fkey foreign key (tenant_id, shipment_id)
          references sales_shipment (tenant_id, id),
        constraint sales_shipment_line_order_line_fkey foreign key (tenant_id, order_line_id)
          references sales_order_line (tenant_id, id),
        constraint sales_shipment_line_returned_check check (returned between 0 and quantity),
        constraint sales_shipment_line_cost_check check (returned_cost_minor between 0 and cost_minor)
      )`);
    await tenantTable(runner, 'sales_shipment_line', { grants: ['select', 'insert'], indexes: ['order_line_id'] });
    await runner.query(`grant update (returned, returned_cost_minor) on sales_shipment_line to ${APP_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sales_shipment_line, sales_shipment, sales_order_line, sales_order');
  }
}
