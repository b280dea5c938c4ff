import type { MigrationInterface, QueryRunner } from 'typeorm';

const LIMIT = `
  name text not null check (name in ('route', 'tenant', 'login', 'registration', 'reset', 'search')),
  per_minute integer not null check (per_minute between 1 and 1000000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()`;

/** Rate limits by plan, and of single tenants. What is in neither comes from the process's configuration. */
export class RateLimits1763700300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table plan_rate_limit (
        plan_id text not null references plan (id) on delete cascade,
        ${LIMIT},
        primary key (plan_id, name)
      )`);
    await runner.query(`
      create table tenant_rate_limit (
        tenant_id uuid not null references tenant (id) on delete cascade,
        ${LIMIT},
        primary key (tenant_id, name)
      )`);
    await runner.query('grant select, insert, update, delete on plan_rate_limit, tenant_rate_limit to quoin_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tenant_rate_limit, plan_rate_limit');
  }
}
