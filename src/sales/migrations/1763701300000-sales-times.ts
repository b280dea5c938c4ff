import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexTimesByBlock, indexTimesByRow } from '#libs/database';

const TABLES = ['sales_order_line', 'sales_shipment_line'];

/** Lines of orders and shipments find their times by block. */
export class SalesTimes1763701300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexTimesByBlock(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await indexTimesByRow(runner, TABLES);
  }
}
