import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** Users, roles, sessions and refresh tokens of a tenant. */
export class Identity1763600200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table app_user (
        tenant_id uuid not null,
        id uuid not null,
        email text not null check (email = btrim(email) and email like '%_@_%'),
        -- A column, because row-level security keeps an index on lower(email) from being used: lower is not leakproof.
        email_key text not null generated always as (lower(email)) stored,
        name text not null check (name <> ''),
        password_hash text not null check (password_hash like '$argon2id$%'),
        status text not null check (status in ('active', 'disabled')),
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        constraint app_user_email_key unique (tenant_id, email_key)
      )`);
    await tenantTable(runner, 'app_user', { indexes: ['status'], grants: ['select', 'insert', 'update'] });

    await runner.query(`
      create table role (
        tenant_id uuid not null,
        id uuid not null,
        name text not null check (name <> ''),
        permissions text[] not null,
        is_owner boolean not null default false,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id)
      )`);
    await runner.query('create unique index role_name_key on role (tenant_id, lower(name))');
    await runner.query('create unique index role_one_owner_key on role (tenant_id) where is_owner');
    await tenantTable(runner, 'role');

    await runner.query(`
      create table user_role (
        tenant_id uuid not null,
        id uuid not null,
        user_id uuid not null,
        role_id uuid not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, user_id, role_id),
        foreign key (tenant_id, user_id) references app_user (tenant_id, id),
        constraint user_role_role_fkey foreign key (tenant_id, role_id) references role (tenant_id, id)
      )`);
    await tenantTable(runner, 'user_role', { indexes: ['role_id'], grants: ['select', 'insert', 'delete'] });

    await runner.query(`
      create table session (
        tenant_id uuid not null,
        id uuid not null,
        user_id uuid not null,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        expires_at timestamptz not null,
        revoked_at timestamptz,
        revoked_reason text check (revoked_reason in ('signed_out', 'token_reused', 'user_changed')),
        ip inet,
        user_agent text,
        primary key (tenant_id, id),
        foreign key (tenant_id, user_id) references app_user (tenant_id, id),
        check ((revoked_at is null) = (revoked_reason is null))
      )`);
    await tenantTable(runner, 'session', { indexes: ['user_id', 'expires_at'] });

    await runner.query(`
      create table refresh_token (
        tenant_id uuid not null,
        id uuid not null,
        session_id uuid not null,
        token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$'),
        created_at timestamptz not null default now(),
        used_at timestamptz,
        primary key (tenant_id, id),
        constraint refresh_token_hash_key unique (tenant_id, token_hash),
        foreign key (tenant_id, session_id) references session (tenant_id, id) on delete cascade
      )`);
    // One unused token a session, whatever the code does: a second one would be a second way in.
    await runner.query(
      'create unique index refresh_token_one_unused_key on refresh_token (tenant_id, session_id) where used_at is null',
    );
    await tenantTable(runner, 'refresh_token', { indexes: ['session_id'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refresh_token, session, user_role, role, app_user');
  }
}
