import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexTimesByBlock, indexTimesByRow } from '#libs/database';

const TABLES = ['imported_line'];

/**
 * Imported lines find their times by block.
 *
 * The index on what a line became goes: it is found by way of its document.
 */
export class ImportsTimes1763701304000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexTimesByBlock(runner, TABLES);
    await runner.query('drop index imported_line_effect_line_id_idx');
  }

  async down(runner: QueryRunner): Promise<void> {
    await indexTimesByRow(runner, TABLES);
    await runner.query('create index imported_line_effect_line_id_idx on imported_line (tenant_id, effect_line_id)');
  }
}
