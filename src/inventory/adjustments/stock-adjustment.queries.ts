import { Injectable } from '@nestjs/common';
import { type PageRequest, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { StockAdjustment } from './stock-adjustment.entity.js';
import type { RecordedStockAdjustment } from './recorded-stock-adjustment.js';
import { StockAdjustments } from './stock-adjustments.repository.js';

/** Reads of adjustments, for screens and other capabilities. */
@Injectable()
export class StockAdjustmentQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly adjustments: StockAdjustments,
  ) {}

  /** @throws StockAdjustmentNotFound */
  async get(id: string): Promise<RecordedStockAdjustment> {
    return this.unitOfWork.read(() => this.adjustments.withLines(id));
  }

  /** Whether an adjustment with this external reference was recorded. */
  async hasExternalRef(externalRef: string): Promise<boolean> {
    return this.unitOfWork.read(async () => (await this.adjustments.findOne({ externalRef })) !== null);
  }

  /** One page without lines, newest first. */
  async page(request: PageRequest<StockAdjustment>): Promise<Page<StockAdjustment>> {
    return this.unitOfWork.read(() => this.adjustments.page(request));
  }
}
