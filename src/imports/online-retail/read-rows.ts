import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { ImportFileUnreadable } from '../ledger/imports.errors.js';
import { checkRow, COLUMNS, type RawRow, type RejectedRow, type RetailRow } from './row.js';

/** A line of the file: good, or rejected with its reason. */
export type ReadRow = { readonly row: RetailRow } | { readonly rejected: RejectedRow };

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads the file line by line, gunzipping where its name ends in `.gz`. Memory does not grow with the file.
 * @throws ImportFileUnreadable when it cannot be opened, is not CSV, or lacks a column
 */
export async function* readRows(path: string): AsyncGenerator<ReadRow> {
  let columns: Map<string, number> | undefined;
  try {
    for await (const { record, info } of records(path)) {
      if (!columns) {
        columns = columnsOf(record);
        continue;
      }
      yield rowOf(info.lines, record, columns);
    }
  } catch (error) {
    throw error instanceof ImportFileUnreadable ? error : new ImportFileUnreadable((error as Error).message);
  }
  if (!columns) throw new ImportFileUnreadable('it is empty');
}

function records(path: string): AsyncIterable<ParsedRecord> {
  const parser = parse({ bom: true, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  const file = createReadStream(path);
  // The parser carries the error of whichever part fails to whoever reads from it.
  const carry = (error: NodeJS.ErrnoException | null): void => {
    if (error) parser.destroy(error);
  };
  if (path.endsWith('.gz')) pipeline(file, createGunzip(), parser, carry);
  else pipeline(file, parser, carry);
  return parser as AsyncIterable<ParsedRecord>;
}

function columnsOf(heading: readonly string[]): Map<string, number> {
  const columns = new Map(heading.map((name, index) => [name.trim(), index]));
  const missing = COLUMNS.filter((name) => !columns.has(name));
  if (missing.length > 0) throw new ImportFileUnreadable(`the column ${missing.join(', ')} is missing`);
  return columns;
}

function rowOf(line: number, record: readonly string[], columns: ReadonlyMap<string, number>): ReadRow {
  const raw = Object.fromEntries(COLUMNS.map((name) => [name, record[columns.get(name) ?? -1] ?? ''])) as RawRow;
  const checked = record.length < columns.size ? `has ${record.length} of ${columns.size} fields` : checkRow(line, raw);
  return typeof checked === 'string' ? { rejected: { line, reason: checked, fields: record } } : { row: checked };
}
