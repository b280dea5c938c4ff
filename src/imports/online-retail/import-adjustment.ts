import { Injectable } from '@nestjs/common';
import { RecordStockAdjustment } from '#erp/inventory';
import { uuidv7 } from '#libs/kernel';
import { isService, type RetailDocument } from './document.js';
import type { DocumentOutcome } from './document-outcome.js';
import { type ImportContext, known } from './import-context.js';

const REASON_MISSING = 'not given';

/** A document wholly at price 0 without a customer: stock that was found or written off; the reason is its description. */
@Injectable()
export class ImportAdjustment {
  constructor(private readonly recordAdjustment: RecordStockAdjustment) {}

  async execute(document: RetailDocument, context: ImportContext): Promise<DocumentOutcome> {
    const goods = document.rows.filter((row) => !isService(row.stockCode));
    if (goods.length === 0) return { effect: 'none', effectId: uuidv7(), lineIds: document.rows.map(() => null) };
    const { adjustment, lines } = await this.recordAdjustment.execute({
      warehouseId: context.warehouseId,
      reference: document.invoiceNo,
      externalRef: document.invoiceNo,
      lines: goods.map((row) => ({
        productId: known(context.productIds, row.stockCode),
        quantity: row.quantity,
        reason: row.description || REASON_MISSING,
      })),
    });
    const lineIds = document.rows.map((row) => lines[goods.indexOf(row)]?.id ?? null);
    return { effect: 'stock_adjustment', effectId: adjustment.id, lineIds };
  }
}
