import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { StockExternalRefTaken } from '../stock/stock.errors.js';
import type { RecordedStockAdjustment } from './recorded-stock-adjustment.js';
import { StockAdjustmentLines } from './stock-adjustment-lines.repository.js';
import { StockAdjustment } from './stock-adjustment.entity.js';
import { StockAdjustmentNotFound } from './stock-adjustment.errors.js';

/** The only way to the adjustments. */
@Injectable()
export class StockAdjustments extends TenantRepository<StockAdjustment> {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly lines: StockAdjustmentLines,
  ) {
    super(unitOfWork, StockAdjustment, StockAdjustmentNotFound);
  }

  /** Inserts an adjustment with its lines: two statements that leave together. @throws StockExternalRefTaken */
  async record({ adjustment, lines }: RecordedStockAdjustment): Promise<void> {
    try {
      await Promise.all([this.insert(adjustment), this.lines.insert(lines)]);
    } catch (error) {
      if (violatedConstraint(error) !== 'stock_adjustment_external_ref_key') throw error;
      throw new StockExternalRefTaken(adjustment.externalRef ?? '');
    }
  }

  /** @throws StockAdjustmentNotFound */
  async withLines(id: string): Promise<RecordedStockAdjustment> {
    return { adjustment: await this.get(id), lines: await this.lines.ofAdjustment(id) };
  }
}
