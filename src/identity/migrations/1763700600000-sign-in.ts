import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** Verified addresses, e-mailed tokens, second factors, and the counts that bound guessing. */
export class SignIn1763700600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The address that was proved, not a flag: one that is changed is unproved by that alone.
    await runner.query('alter table app_user add column verified_email_key text');
    await emailedTokens(runner);
    await attempts(runner);
    await secondFactors(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table recovery_code, second_factor_use, second_factor, sign_in_attempt, emailed_token');
    await runner.query('alter table app_user drop column verified_email_key');
  }
}

async function emailedTokens(runner: QueryRunner): Promise<void> {
  // Written for any address, whether anybody has it or not; the worker finds out later and adds user and token.
  await runner.query(`
    create table emailed_token (
      tenant_id uuid not null,
      id uuid not null,
      purpose text not null check (purpose in ('password_reset', 'email_verification')),
      email_key text not null check (length(email_key) between 3 and 254),
      user_id uuid,
      token_hash text check (token_hash ~ '^[0-9a-f]{64}$'),
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz,
      primary key (tenant_id, id),
      constraint emailed_token_hash_key unique (tenant_id, token_hash),
      foreign key (tenant_id, user_id) references app_user (tenant_id, id),
      constraint emailed_token_issued_check check ((user_id is null) = (token_hash is null)),
      constraint emailed_token_used_check check (used_at is null or token_hash is not null)
    )`);
  await tenantTable(runner, 'emailed_token', { indexes: ['user_id', 'expires_at'] });
}

async function attempts(runner: QueryRunner): Promise<void> {
  // By the hash of what was typed: an address that nobody has is counted like one that somebody has, and kept as neither.
  await runner.query(`
    create table sign_in_attempt (
      tenant_id uuid not null,
      id uuid not null,
      subject text not null check (subject ~ '^[0-9a-f]{64}$'),
      failures integer not null check (failures > 0),
      last_at timestamptz not null,
      locked_until timestamptz,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      constraint sign_in_attempt_subject_key unique (tenant_id, subject)
    )`);
  await tenantTable(runner, 'sign_in_attempt', { indexes: ['last_at'] });
}

async function secondFactors(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table second_factor (
      tenant_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      -- Sealed: it has to be had again to check a code.
      secret text not null check (secret like 'v1.%.%.%'),
      created_at timestamptz not null default now(),
      confirmed_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, user_id) references app_user (tenant_id, id)
    )`);
  await tenantTable(runner, 'second_factor', { indexes: ['user_id'] });
  await runner.query(
    'create unique index second_factor_one_confirmed_key on second_factor (tenant_id, user_id) where confirmed_at is not null',
  );
  await runner.query(
    'create unique index second_factor_one_pending_key on second_factor (tenant_id, user_id) where confirmed_at is null',
  );
  await runner.query(`
    create table second_factor_use (
      tenant_id uuid not null,
      id uuid not null,
      factor_id uuid not null,
      time_step bigint not null check (time_step > 0),
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      -- A code is good once (RFC 6238, 5.2).
      constraint second_factor_use_once_key unique (tenant_id, factor_id, time_step),
      foreign key (tenant_id, factor_id) references second_factor (tenant_id, id) on delete cascade
    )`);
  await tenantTable(runner, 'second_factor_use', { grants: ['select', 'insert', 'delete'] });
  await runner.query(`
    create table recovery_code (
      tenant_id uuid not null,
      id uuid not null,
      factor_id uuid not null,
      code_hash text not null check (code_hash ~ '^[0-9a-f]{64}$'),
      created_at timestamptz not null default now(),
      used_at timestamptz,
      primary key (tenant_id, id),
      constraint recovery_code_hash_key unique (tenant_id, factor_id, code_hash),
      foreign key (tenant_id, factor_id) references second_factor (tenant_id, id) on delete cascade
    )`);
  await tenantTable(runner, 'recovery_code');
}
