import { Injectable } from '@nestjs/common';
import { PostBusinessFacts } from '#erp/accounting';
import { currentTenant } from '#libs/context';
import { businessDate, Clock, UnitPrice, uuidv7 } from '#libs/kernel';
import type { RetailDocument } from './document.js';
import type { DocumentOutcome } from './document-outcome.js';

/** An `A…` document: a receivable that is given up (a negative value in the source), or taken back again. */
@Injectable()
export class ImportBadDebt {
  constructor(
    private readonly clock: Clock,
    private readonly post: PostBusinessFacts,
  ) {}

  async execute(document: RetailDocument): Promise<DocumentOutcome> {
    const { currency, timeZone } = currentTenant();
    const values = document.rows.map((row) => UnitPrice.of(row.unitPriceE4, currency).extend(row.quantity).minor);
    const id = uuidv7();
    await this.post.execute([
      {
        type: 'bad_debt',
        facts: {
          id,
          businessDate: businessDate(this.clock.now(), timeZone),
          amountMinor: -values.reduce((sum, value) => sum + value, 0n),
          description: document.rows[0]?.description || 'Bad debt',
          reference: document.invoiceNo,
        },
      },
    ]);
    return { effect: 'journal_entry', effectId: id, lineIds: document.rows.map(() => null) };
  }
}
