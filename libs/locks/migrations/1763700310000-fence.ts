import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** One row per resource that was ever locked with a fence: the number of its latest holder, which only grows. */
export class Fence1763700310000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fence (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        resource text not null check (length(resource) between 1 and 200),
        token bigint not null default 1 check (token > 0),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, resource)
      )`);
    await tenantTable(runner, 'fence', { grants: ['select', 'insert', 'update'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table fence');
  }
}
