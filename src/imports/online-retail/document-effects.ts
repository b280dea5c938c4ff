import { Injectable } from '@nestjs/common';
import type { RetailDocument } from './document.js';
import type { DocumentOutcome } from './document-outcome.js';
import { ImportAdjustment } from './import-adjustment.js';
import { ImportBadDebt } from './import-bad-debt.js';
import { ImportCancellation } from './import-cancellation.js';
import type { ImportContext } from './import-context.js';
import { ImportSale } from './import-sale.js';

/** Which verbs a document goes through. */
@Injectable()
export class DocumentEffects {
  constructor(
    private readonly sale: ImportSale,
    private readonly cancellation: ImportCancellation,
    private readonly adjustment: ImportAdjustment,
    private readonly badDebt: ImportBadDebt,
  ) {}

  of(document: RetailDocument, context: ImportContext): Promise<DocumentOutcome> {
    switch (document.effect) {
      case 'sale':
        return this.sale.execute(document, context);
      case 'cancellation':
        return this.cancellation.execute(document, context);
      case 'adjustment':
        return this.adjustment.execute(document, context);
      case 'bad_debt':
        return this.badDebt.execute(document);
    }
  }
}
