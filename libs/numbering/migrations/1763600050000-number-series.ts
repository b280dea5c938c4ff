import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** One row per series and year: the last number given out. */
export class NumberSeries1763600050000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table number_series (
        tenant_id uuid not null,
        id uuid not null,
        series text not null check (series ~ '^[a-z][a-z0-9_]*$'),
        year smallint not null check (year = 0 or year between 1970 and 9999),
        last bigint not null check (last > 0),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, series, year)
      )`);
    await tenantTable(runner, 'number_series', { grants: ['select', 'insert', 'update'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table number_series');
  }
}
