import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An event can name the effect that it tells of. A second event of the same effect is refused, whatever the code does. */
export class EffectKeys1763700401000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table platform.outbox_event add column effect_key text
        constraint outbox_event_effect_key_check check (length(effect_key) between 1 and 200)`);
    // Partial: events without such an effect, which are nearly all, cost nothing.
    await runner.query(`
      create unique index outbox_event_effect_key_unique on platform.outbox_event (tenant_id, effect_key)
        where effect_key is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table platform.outbox_event drop column effect_key');
  }
}
