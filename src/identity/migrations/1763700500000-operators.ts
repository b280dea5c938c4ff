import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '#libs/database';

/** The people who run this installation, at the landlord. They are users of no tenant. */
export class Operators1763700500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table operator (
        id uuid primary key,
        email text not null check (email = btrim(email) and email like '%_@_%'),
        email_key text not null generated always as (lower(email)) stored constraint operator_email_key unique,
        name text not null check (name <> ''),
        password_hash text not null check (password_hash like '$argon2id$%'),
        status text not null default 'active' check (status in ('active', 'disabled')),
        -- Tokens carry it: counting it up voids them all.
        epoch integer not null default 0 check (epoch >= 0),
        last_signed_in_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await runner.query(`grant select, insert, update on operator to ${APP_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table operator');
  }
}
