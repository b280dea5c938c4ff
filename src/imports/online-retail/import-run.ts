import type { RetailDocument } from './document.js';
import type { RejectedRow } from './row.js';

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
   * Refreshes the database's statistics. Called when the tables have grown tenfold: with those of empty tables the planner
   * makes an import several times slower.
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

/** Keeps count of a running import and tells those who listen. */
export class ImportRun {
  private readonly counts = { documents: 0, lines: 0, documentsSkipped: 0, rejected: 0 };
  private refreshAt = STATISTICS_AFTER;

  constructor(
    private readonly input: OnlineRetailImport,
    private readonly linesTotal: number,
  ) {}

  get report(): ImportReport {
    return { ...this.counts };
  }

  /** A document is in the books, or refused. */
  conclude(document: RetailDocument, refusal: string | null): void {
    const { rows } = document;
    if (refusal === null) this.counts.documents += 1;
    else
      for (const row of rows) this.reject({ line: row.line, reason: refusal, fields: [row.invoiceNo, row.stockCode] });
    this.counts.lines += rows.length;
    const { lines, documents } = this.counts;
    this.input.onProgress?.({ lines, linesTotal: this.linesTotal, documents });
  }

  /** A line cannot be imported. */
  reject(row: RejectedRow): void {
    this.counts.rejected += 1;
    this.input.onRejected?.(row);
  }

  /** A document was there already. */
  skip(): void {
    this.counts.documentsSkipped += 1;
  }

  /** Refreshes the statistics when the tables have grown tenfold since the last time. */
  async refreshStatistics(): Promise<void> {
    if (this.counts.documents < this.refreshAt) return;
    this.refreshAt *= 10;
    await this.input.refreshStatistics?.();
  }
}
