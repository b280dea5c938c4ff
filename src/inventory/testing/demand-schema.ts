import { type CapabilitySchema, tenantTable } from '#libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders of a stand-in for sales: real rows with real locks, so that races are races. */
export class StockDemandFake1763600599000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fake_order (
        tenant_id uuid not null, id uuid not null, warehouse_id uuid not null, confirmed_at timestamptz not null,
        created_at timestamptz not null default now(), primary key (tenant_id, id)
      )`);
    await tenantTable(runner, 'fake_order');
    await runner.query(`
      create table fake_order_line (
        tenant_id uuid not null, id uuid not null, order_id uuid not null, line_no integer not null,
        product_id uuid not null, ordered integer not null, reserved integer not null default 0,
        shipped integer not null default 0, cancelled integer not null default 0,
        created_at timestamptz not null default now(), primary key (tenant_id, id),
        foreign key (tenant_id, order_id) references fake_order (tenant_id, id),
        check (reserved >= 0 and reserved + shipped + cancelled <= ordered)
      )`);
    await tenantTable(runner, 'fake_order_line', { indexes: ['order_id'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table fake_order_line, fake_order');
  }
}

/** Tables of the stand-in for sales. */
export const stockDemandFakeSchema: CapabilitySchema = { migrations: [StockDemandFake1763600599000] };
