import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { ImportedDocument, type ImportedKind, ImportedLine } from '../ledger/imported-document.entity.js';
import { ImportedDocumentsRepository } from '../ledger/imported-documents.repository.js';
import type { DocumentEffect, RetailDocument } from './document.js';
import { DocumentEffects } from './document-effects.js';
import type { DocumentOutcome } from './document-outcome.js';
import type { ImportContext } from './import-context.js';
import type { Turn } from './in-order.js';
import { localInstant } from './local-instant.js';
import { SettledBooks } from './settled-books.js';

/** Name under which this source's documents are written down. */
export const ONLINE_RETAIL = 'online-retail';

const KINDS: Record<DocumentEffect, ImportedKind> = {
  sale: 'sale',
  adjustment: 'sale',
  cancellation: 'cancellation',
  bad_debt: 'bad_debt',
};

/**
 * Brings one source document into the books: through the verbs that the API uses, dated as in the file, its postings made
 * and its events settled in the same transaction as the note that it is imported.
 */
@Injectable()
export class ImportDocument {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly books: SettledBooks,
    private readonly effects: DocumentEffects,
    private readonly documents: ImportedDocumentsRepository,
  ) {}

  /** @throws Misforeseen */
  async execute(
    document: RetailDocument,
    context: ImportContext,
    { sent, committing, predecessor }: Turn,
  ): Promise<void> {
    const now = localInstant(document.rows[0]?.invoiceDate ?? '', currentTenant().timeZone);
    await this.books.run(
      { now, predecessor },
      () => this.effects.of(document, context),
      (outcome) => {
        this.documents.insertWhole(importedDocument(document, outcome));
        this.unitOfWork.whenSent(sent);
        this.unitOfWork.whenCommitting(committing);
      },
    );
  }
}

function importedDocument(document: RetailDocument, outcome: DocumentOutcome): ImportedDocument {
  const imported = new ImportedDocument();
  imported.source = ONLINE_RETAIL;
  imported.document = document.invoiceNo;
  imported.kind = KINDS[document.effect];
  imported.effect = outcome.effect;
  imported.effectId = outcome.effectId;
  imported.lineCount = document.rows.length;
  imported.lines = document.rows.map((row, index) =>
    Object.assign(new ImportedLine(), {
      documentId: imported.id,
      sourceLine: row.line,
      sku: row.stockCode,
      description: row.description,
      quantity: row.quantity,
      unitPriceE4: row.unitPriceE4,
      occurredAt: row.invoiceDate,
      customer: row.customerId,
      country: row.country,
      effectLineId: outcome.lineIds[index] ?? null,
    }),
  );
  return imported;
}
