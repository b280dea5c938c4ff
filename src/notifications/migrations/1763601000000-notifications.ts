import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** One row per mail that was ever begun: what decides whether it may be sent (again). */
export class Notifications1763601000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table email_message (
        tenant_id uuid not null,
        id uuid not null,
        kind text not null check (kind ~ '^[a-z_]+$'),
        event_id uuid not null,
        to_address text not null check (length(to_address) between 3 and 254),
        subject text not null,
        status text not null check (status in ('sending', 'sent', 'deferred', 'unknown', 'rejected')),
        attempts integer not null check (attempts > 0),
        last_reason text,
        sent_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint email_message_event_unique unique (tenant_id, kind, event_id),
        constraint email_message_sent_check check ((status = 'sent') = (sent_at is not null))
      )`);
    await tenantTable(runner, 'email_message', { grants: ['select', 'insert', 'update'], indexes: ['status'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table email_message');
  }
}
