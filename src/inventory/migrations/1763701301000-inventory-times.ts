import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexTimesByBlock, indexTimesByRow } from '#libs/database';

const TABLES = ['stock_movement', 'stock_receipt_line', 'stock_adjustment_line'];

/** Movements and lines of receipts and adjustments find their times by block. */
export class InventoryTimes1763701301000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexTimesByBlock(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await indexTimesByRow(runner, TABLES);
  }
}
