import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexTimesByBlock, indexTimesByRow } from '#libs/database';

const TABLES = ['journal_line'];

/** Lines of the journal find their times by block. */
export class AccountingTimes1763701303000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexTimesByBlock(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await indexTimesByRow(runner, TABLES);
  }
}
