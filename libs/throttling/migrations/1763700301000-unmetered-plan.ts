import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A plan whose limits are never reached: for tenants that are trusted, and for measuring (docs/rate-limits.md). */
export class UnmeteredPlan1763700301000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`insert into plan (id, name) values ('unmetered', 'Unmetered')`);
    await runner.query(`
      insert into plan_rate_limit (plan_id, name, per_minute)
      select 'unmetered', name, 1000000000
      from unnest(array['route', 'tenant', 'login', 'registration', 'reset', 'search']) name`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from plan where id = 'unmetered'`);
  }
}
