import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The landlord's own tables. Nothing here has a foreign key into a tenant database, and nothing there into this one. */
export class Landlord1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table plan (
        id text primary key,
        name text not null,
        created_at timestamptz not null default now()
      )`);
    await runner.query(`insert into plan (id, name) values ('standard', 'Standard')`);
    await runner.query(`
      create table tenant (
        id uuid primary key,
        slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
        name text not null,
        currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
        time_zone text not null,
        plan_id text not null references plan (id),
        status text not null check (status in ('provisioning', 'active', 'suspended')),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await runner.query('create index tenant_plan_id_idx on tenant (plan_id)');
    await runner.query('create index tenant_status_created_at_idx on tenant (status, created_at)');
    await runner.query(`
      create table tenant_domain (
        domain text primary key check (domain = lower(domain)),
        tenant_id uuid not null references tenant (id) on delete cascade,
        created_at timestamptz not null default now()
      )`);
    await runner.query('create index tenant_domain_tenant_id_idx on tenant_domain (tenant_id)');
    await runner.query(`
      create table placement (
        tenant_id uuid primary key references tenant (id) on delete cascade,
        model text not null check (model in ('shared', 'schema', 'database')),
        cluster text not null,
        database text not null,
        schema text not null,
        created_at timestamptz not null default now()
      )`);
    await runner.query(`
      create table landlord_audit (
        id uuid primary key,
        reason text not null,
        actor_kind text not null,
        actor_id text not null,
        correlation_id text not null,
        created_at timestamptz not null default now()
      )`);
    await runner.query('create index landlord_audit_created_at_idx on landlord_audit (created_at)');
    await runner.query('grant select on plan to quoin_app');
    await runner.query('grant select, insert, update, delete on tenant, tenant_domain, placement to quoin_app');
    await runner.query('grant select, insert on landlord_audit to quoin_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table landlord_audit, placement, tenant_domain, tenant, plan');
  }
}
