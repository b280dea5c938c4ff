import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '#libs/database';

/** Sign-ups under way, at the landlord: what a new tenant still needs in order to be finished by anybody. */
export class SignUp1763600100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sign_up (
        tenant_id uuid primary key references tenant (id) on delete cascade,
        input jsonb,
        attempts integer not null default 1 check (attempts > 0),
        attempted_at timestamptz not null default now(),
        last_error text,
        created_at timestamptz not null default now(),
        finished_at timestamptz,
        constraint sign_up_input_until_finished check ((input is null) = (finished_at is not null))
      )`);
    await runner.query('create index sign_up_unfinished_idx on sign_up (attempted_at) where finished_at is null');
    await runner.query(`grant select, insert, update on sign_up to ${APP_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sign_up');
  }
}
