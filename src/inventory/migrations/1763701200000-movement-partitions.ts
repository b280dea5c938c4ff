import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TENANT_PREDICATE } from '#libs/database';

/**
 * Partitions of the movements are made a year ahead instead of two, and nothing is moved out of a default partition that has no
 * pages: they were most of what migrating a schema cost, and each is five relations in the catalogue of every tenant's schema.
 */
export class MovementPartitions1763701200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await replaceFunction(runner, 12);
  }

  /** Partitions that are there stay, so that the function before this one only makes more of them. */
  async down(runner: QueryRunner): Promise<void> {
    await replaceFunction(runner, 24);
  }
}

// Rows of a month that has no partition yet wait in the default one and are moved out when the month gets its own.
// FORCE hides them from the owner too, so it is lifted for that moment, under the lock that ALTER TABLE holds; they
// enter before the new partition is closed, which lets their foreign keys be checked one by one.
async function replaceFunction(runner: QueryRunner, monthsAhead: number): Promise<void> {
  await runner.query(`
    create or replace function ensure_stock_movement_partitions() returns integer language plpgsql as $function$
    declare
      first timestamp := date_trunc('month', now() at time zone 'UTC');
      waiting boolean;
      made integer := 0;
      part text;
      low text;
      high text;
    begin
      for step in -1..${monthsAhead} loop
        part := 'stock_movement_' || to_char(first + make_interval(months => step), 'YYYYMM');
        low := to_char(first + make_interval(months => step), 'YYYY-MM-DD') || ' 00:00:00+00';
        high := to_char(first + make_interval(months => step + 1), 'YYYY-MM-DD') || ' 00:00:00+00';
        continue when to_regclass(part) is not null;
        lock table stock_movement_default in access exclusive mode;
        waiting := pg_relation_size('stock_movement_default') > 0;
        if waiting then
          create temporary table moving (like stock_movement_default) on commit drop;
          alter table stock_movement_default no force row level security;
          with moved as (
            delete from stock_movement_default
            where recorded_at >= low::timestamptz and recorded_at < high::timestamptz returning *
          ) insert into moving select * from moved;
          alter table stock_movement_default force row level security;
        end if;
        execute format('create table %I partition of stock_movement for values from (%L) to (%L)', part, low, high);
        if waiting then
          execute format('insert into %I select * from moving', part);
          drop table moving;
        end if;
        execute format('alter table %I enable row level security', part);
        execute format('alter table %I force row level security', part);
        execute format('create policy tenant_isolation on %I for all to public using (%s) with check (%s)', part,
          $policy$${TENANT_PREDICATE}$policy$, $policy$${TENANT_PREDICATE}$policy$);
        made := made + 1;
      end loop;
      return made;
    end $function$`);
}
