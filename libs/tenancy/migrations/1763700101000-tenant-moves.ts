import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '#libs/database';

/** The steps of a move in their order: the column that says when each was done. Each asks for the one before it. */
const STEPS = ['prepared_at', 'paused_at', 'copied_at', 'verified_at', 'switched_at', 'resumed_at', 'removed_at'];

/**
 * Moves of tenants, step by step, and which version each place has. That no step is skipped is a matter of constraints: a
 * step is done only after the one before it, and a move is finished only after its last.
 */
export class TenantMoves1763700101000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table placement
        add column version integer not null default 1,
        add column updated_at timestamptz not null default now(),
        add constraint placement_schema_of_model check ((model = 'schema') = (schema <> 'public'))`);
    // A schema or a database of one's own is nobody else's.
    await runner.query(`
      create unique index placement_of_ones_own on placement (cluster, database, schema) where model <> 'shared'`);
    await runner.query('create index placement_cluster_database_idx on placement (cluster, database)');
    const done = STEPS.map((step, index) =>
      index === 0
        ? `${step} timestamptz`
        : `${step} timestamptz, constraint tenant_move_${step.replace(/_at$/, '')}_in_order
            check (${step} is null or ${STEPS[index - 1]} is not null)`,
    );
    await runner.query(`
      create table tenant_move (
        id uuid primary key,
        tenant_id uuid not null references tenant (id) on delete cascade,
        source jsonb not null,
        target jsonb not null,
        ${done.join(',\n        ')},
        abandoned_at timestamptz constraint tenant_move_switched_is_final check (abandoned_at is null or switched_at is null),
        undone_at timestamptz constraint tenant_move_undone_after_abandoned check (undone_at is null or abandoned_at is not null),
        last_error text,
        created_at timestamptz not null default now(),
        constraint tenant_move_goes_somewhere check (source <> target)
      )`);
    await runner.query(`
      create unique index tenant_move_one_at_a_time on tenant_move (tenant_id)
        where removed_at is null and undone_at is null`);
    await runner.query('create index tenant_move_tenant_id_created_at_idx on tenant_move (tenant_id, created_at)');
    await runner.query(`
      create table tenant_move_table (
        move_id uuid not null references tenant_move (id) on delete cascade,
        name text not null,
        source_rows bigint not null,
        source_checksum text not null,
        target_rows bigint not null,
        target_checksum text not null,
        verified_at timestamptz not null default now(),
        primary key (move_id, name),
        constraint tenant_move_table_equal check (source_rows = target_rows and source_checksum = target_checksum)
      )`);
    await runner.query(`
      create table place_version (
        cluster text not null,
        database text not null,
        schema text not null,
        version text,
        migrated_at timestamptz,
        last_error text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (cluster, database, schema)
      )`);
    await runner.query(`grant select, insert, update on tenant_move, tenant_move_table, place_version to ${APP_ROLE}`);
    await runner.query(`grant delete on tenant_move_table, place_version to ${APP_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table place_version, tenant_move_table, tenant_move');
    await runner.query('drop index placement_of_ones_own, placement_cluster_database_idx');
    await runner.query(
      'alter table placement drop constraint placement_schema_of_model, drop column version, drop column updated_at',
    );
  }
}
