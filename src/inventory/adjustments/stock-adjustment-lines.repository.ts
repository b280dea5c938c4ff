import { Injectable } from '@nestjs/common';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { StockAdjustmentLine } from './stock-adjustment-line.entity.js';
import { StockAdjustmentNotFound } from './stock-adjustment.errors.js';

/** The only way to the table of adjustment lines. */
@Injectable()
export class StockAdjustmentLines extends TenantRepository<StockAdjustmentLine> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, StockAdjustmentLine, StockAdjustmentNotFound);
  }

  /** All lines of an adjustment, in their order. */
  async ofAdjustment(adjustmentId: string): Promise<StockAdjustmentLine[]> {
    return this.find({ adjustmentId }, { order: { lineNo: 'ASC' } });
  }
}
