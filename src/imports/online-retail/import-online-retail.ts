import { Injectable } from '@nestjs/common';
import { ExclusiveWork, UnitOfWork } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { ImportedDocumentsRepository } from '../ledger/imported-documents.repository.js';
import type { RetailDocument } from './document.js';
import { ForeseeStock } from './foresee-stock.js';
import type { ImportContext } from './import-context.js';
import { ImportDocument, ONLINE_RETAIL } from './import-document.js';
import { InOrder, type Turn, UNDER_WAY_MAX } from './in-order.js';
import { PrepareImport } from './prepare-import.js';
import { countLines, readDocuments } from './read-documents.js';
import type { RejectedRow } from './row.js';
import { surveyFile } from './survey.js';

/** What is to be imported, and who listens. */
export interface OnlineRetailImport {
  /** CSV, gunzipped when it ends in `.gz`. */
  readonly path: string;
  /** What opening stock is valued at, in percent of the first price. */
  readonly openingCostPercent: number;
  /** Called after each document. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Called for each line that cannot be imported; the rest goes on. */
  readonly onRejected?: (row: RejectedRow) => void;
  /**
   * Refreshes the database's statistics, beside the import. Called when the tables have grown tenfold: with those of empty tables
   * the planner makes an import several times slower.
   */
  readonly refreshStatistics?: (() => Promise<void>) | undefined;
}

/** Documents after which statistics are refreshed: these many, then ten times as many, and so on. */
const STATISTICS_AFTER = 30;

/** How far an import is. */
export interface ImportProgress {
  readonly lines: number;
  readonly linesTotal: number;
  readonly documents: number;
}

/** What an import did. */
export interface ImportReport {
  /** Brought in now. */
  readonly documents: number;
  readonly lines: number;
  /** In the books from an earlier run. */
  readonly documentsSkipped: number;
  readonly rejected: number;
}

/**
 * Imports the public "Online Retail" data of the current tenant (issue 2, section 6): two passes that find out what is
 * needed, one that brings document after document into the books. Documents that are there are passed over, so that
 * an interrupted import goes on where it ended and nothing is doubled.
 */
@Injectable()
export class ImportOnlineRetail {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly exclusive: ExclusiveWork,
    private readonly prepare: PrepareImport,
    private readonly foreseeStock: ForeseeStock,
    private readonly importDocument: ImportDocument,
    private readonly documents: ImportedDocumentsRepository,
  ) {}

  /** @throws ImportFileUnreadable, WorkUnderWay: two at once would each bring the opening stock */
  async execute(input: OnlineRetailImport): Promise<ImportReport> {
    return this.exclusive.run(`import ${ONLINE_RETAIL}`, () => this.import(input));
  }

  private async import(input: OnlineRetailImport): Promise<ImportReport> {
    const counts = await countLines(input.path);
    const known = await this.unitOfWork.read(() => this.documents.known(ONLINE_RETAIL));
    const survey = await surveyFile(input.path, counts, known);
    const context = await this.prepare.execute(survey, input.openingCostPercent);
    const report = { documents: 0, lines: 0, documentsSkipped: 0, rejected: 0 };
    const reject = (row: RejectedRow): void => {
      report.rejected += 1;
      input.onRejected?.(row);
    };
    let refreshAt = STATISTICS_AFTER;
    let refreshing = Promise.resolve();
    const bring = async (document: RetailDocument, turn: Turn): Promise<void> => {
      const reason = await this.attempt(document, context, turn);
      if (reason === null) report.documents += 1;
      else for (const row of document.rows) reject({ line: row.line, reason, fields: [row.invoiceNo, row.stockCode] });
      report.lines += document.rows.length;
      input.onProgress?.({ lines: report.lines, linesTotal: survey.lines, documents: report.documents });
    };
    const inOrder = new InOrder();
    const before: RetailDocument[] = [];
    try {
      await this.foreseeStock.execute(context, inOrder);
      for await (const { document, rejected } of readDocuments(input.path, counts)) {
        if (report.documents >= refreshAt) {
          refreshAt *= 10;
          refreshing = this.refreshAfter(refreshing, input);
        }
        if (rejected) reject(rejected);
        else if (known.has(document.invoiceNo)) report.documentsSkipped += 1;
        else {
          await inOrder.begin((turn) => bring(document, turn), { alone: mayCredit(document, before) });
          before.push(document);
          if (before.length === UNDER_WAY_MAX) before.shift();
        }
      }
    } finally {
      // Whatever has failed, nothing is left running.
      await Promise.allSettled([inOrder.end(), refreshing]);
    }
    await inOrder.end();
    await refreshing;
    await this.unitOfWork.makeDurable();
    return report;
  }

  /** Beside the documents, which go on meanwhile. Its failure is the import's, at the end. */
  private refreshAfter(before: Promise<void>, { refreshStatistics }: OnlineRetailImport): Promise<void> {
    const refreshing = before.then(refreshStatistics);
    refreshing.catch(() => undefined);
    return refreshing;
  }

  /** Null, or why the books refuse the document. What is no refusal ends the import. */
  private async attempt(document: RetailDocument, context: ImportContext, turn: Turn): Promise<string | null> {
    try {
      await this.importDocument.execute(document, context, turn);
      return null;
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'unavailable') return error.message;
      throw error;
    }
  }
}

/** Whether a document looks for its originals among what those before may still be writing: all else is found by locking it. */
function mayCredit(document: RetailDocument, before: readonly RetailDocument[]): boolean {
  const customer = document.rows[0]?.customerId ?? null;
  if (document.effect !== 'cancellation' || customer === null) return false;
  return before.some((one) => one.rows[0]?.customerId === customer);
}
