import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexTimesByBlock, indexTimesByRow } from '#libs/database';

const TABLES = ['invoice_line', 'invoice_tax', 'credit_note_line', 'credit_note_tax'];

/**
 * Lines and taxes of invoices and credit notes find their times by block.
 *
 * The index on code and price goes: what a customer can still have credited is found by way of the customer's invoices.
 */
export class InvoicingTimes1763701302000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await indexTimesByBlock(runner, TABLES);
    await runner.query('drop index invoice_line_sku_unit_price_e4_idx');
  }

  async down(runner: QueryRunner): Promise<void> {
    await indexTimesByRow(runner, TABLES);
    await runner.query(
      'create index invoice_line_sku_unit_price_e4_idx on invoice_line (tenant_id, sku, unit_price_e4)',
    );
  }
}
