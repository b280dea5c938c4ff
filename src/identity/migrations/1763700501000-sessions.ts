import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '#libs/database';

/** How somebody signed in, more reasons for an end, and the record of changes that void what nodes remember. */
export class Sessions1763700501000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table session
        -- RFC 8176: pwd, otp, and fed for another identity provider.
        add column amr text[] not null default '{pwd}' check (cardinality(amr) between 1 and 5),
        drop constraint session_revoked_reason_check,
        add constraint session_revoked_reason_check check (revoked_reason in
          ('signed_out', 'signed_out_elsewhere', 'token_reused', 'user_changed', 'password_reset'))`);
    // What somebody may do has changed: of one user, or (without one) of everybody. Whoever remembers what was read
    // under a snapshot in which the change was not visible yet must read again. Kept for an hour, never updated.
    await runner.query(`
      create table access_change (
        tenant_id uuid not null,
        id uuid not null,
        user_id uuid,
        xid xid8 not null default pg_current_xact_id(),
        created_at timestamptz not null default clock_timestamp(),
        primary key (tenant_id, id),
        foreign key (tenant_id, user_id) references app_user (tenant_id, id)
      )`);
    await tenantTable(runner, 'access_change', { indexes: ['user_id'], grants: ['select', 'insert', 'delete'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table access_change');
    await runner.query(`
      alter table session drop column amr, drop constraint session_revoked_reason_check,
        add constraint session_revoked_reason_check check (revoked_reason in ('signed_out', 'token_reused', 'user_changed'))`);
  }
}
