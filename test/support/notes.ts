import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type CapabilitySchema, tenantTable } from '#libs/database';

class Notes1990000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table note (tenant_id uuid not null, id uuid not null, text text not null default '',
      created_at timestamptz not null default now(), primary key (tenant_id, id))`);
    await tenantTable(runner, 'note');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table note');
  }
}

/** One small table of tenants, for tests of places rather than of what is in them. */
export const noteSchema: CapabilitySchema = { migrations: [Notes1990000000001] };
