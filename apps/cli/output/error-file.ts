import { closeSync, openSync, writeSync } from 'node:fs';
import type { RejectedRow } from '#erp/imports';

/** A CSV file of lines that could not be imported, with number and reason. Made only when there is one. */
export class ErrorFile {
  count = 0;
  private file: number | undefined;

  constructor(readonly path: string) {}

  add({ line, reason, fields }: RejectedRow): void {
    this.count += 1;
    if (this.file === undefined) {
      this.file = openSync(this.path, 'w');
      writeSync(this.file, 'line,reason,fields\n');
    }
    writeSync(this.file, `${[String(line), reason, ...fields].map(cell).join(',')}\n`);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

/** Quoted; and what a spreadsheet would run as a formula is made text (traps: CSV cells). */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
