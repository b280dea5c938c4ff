import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** Keys by which programs act for a user, with a part of the user's permissions. */
export class ApiKeys1763700502000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_key (
        tenant_id uuid not null,
        id uuid not null,
        user_id uuid not null,
        name text not null check (name <> ''),
        -- The last characters, so that people recognise it. The key itself is kept by nobody.
        ending text not null check (ending ~ '^[0-9A-Za-z]{4}$'),
        key_hash text not null check (key_hash ~ '^[0-9a-f]{64}$'),
        permissions text[] not null check (cardinality(permissions) between 1 and 200),
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz,
        primary key (tenant_id, id),
        constraint api_key_hash_key unique (tenant_id, key_hash),
        foreign key (tenant_id, user_id) references app_user (tenant_id, id),
        check (expires_at > created_at and expires_at <= created_at + interval '366 days')
      )`);
    await tenantTable(runner, 'api_key', { indexes: ['user_id'], grants: ['select', 'insert', 'update'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_key');
  }
}
