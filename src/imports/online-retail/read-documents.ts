import { documentOf, type RetailDocument } from './document.js';
import { readRows } from './read-rows.js';
import type { RejectedRow, RetailRow } from './row.js';

/** How many good lines each document has. Small: one number per document. */
export type LineCounts = ReadonlyMap<string, number>;

/** What a pass over the file meets. */
export type ReadDocument =
  | { readonly document: RetailDocument; readonly rejected?: undefined }
  | { readonly rejected: RejectedRow; readonly document?: undefined };

/** A first, cheap pass: in the whole set a document (542806) is not contiguous, so its lines have to be counted. */
export async function countLines(path: string): Promise<LineCounts> {
  const counts = new Map<string, number>();
  for await (const read of readRows(path)) {
    if ('row' in read) counts.set(read.row.invoiceNo, (counts.get(read.row.invoiceNo) ?? 0) + 1);
  }
  return counts;
}

/**
 * Documents in the order in which their last line stands in the file, and rejected lines where they stand. Holds only
 * the documents that have begun and not ended.
 */
export async function* readDocuments(path: string, counts: LineCounts): AsyncGenerator<ReadDocument> {
  const open = new Map<string, RetailRow[]>();
  for await (const read of readRows(path)) {
    if ('rejected' in read) {
      yield { rejected: read.rejected };
      continue;
    }
    const { invoiceNo } = read.row;
    const rows = open.get(invoiceNo) ?? [];
    rows.push(read.row);
    if (rows.length < (counts.get(invoiceNo) ?? 0)) {
      open.set(invoiceNo, rows);
      continue;
    }
    open.delete(invoiceNo);
    const { document, rejected } = documentOf(rows);
    for (const one of rejected) yield { rejected: one };
    if (document) yield { document };
  }
}
