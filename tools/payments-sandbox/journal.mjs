import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const NEWLINE = 0x0a;

/**
 * An append-only file of JSON lines. `append` returns once the operating system has the whole line, so an operation
 * that was answered survives SIGKILL of this process; a line that was cut short by it was never answered and is dropped.
 */
export class Journal {
  #descriptor;

  /** Opens (or creates) the file; `entries` are those of earlier runs, oldest first. Throws on a damaged line. */
  constructor(file) {
    mkdirSync(dirname(file), { recursive: true });
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
    this.entries = parse(file, bytes.subarray(0, wholeBytes).toString('utf8'));
    this.#descriptor = openSync(file, 'a', 0o600);
    if (wholeBytes < bytes.length) ftruncateSync(this.#descriptor, wholeBytes);
  }

  append(entry) {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    let written = 0;
    while (written < line.length) written += writeSync(this.#descriptor, line, written);
    this.entries.push(entry);
  }

  close() {
    closeSync(this.#descriptor);
  }
}

function parse(file, text) {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      try {
        return JSON.parse(line);
      } catch (cause) {
        throw new Error(`payments sandbox: ${file} line ${index + 1} is damaged`, { cause });
      }
    });
}
