import { say } from '../stack/progress.mjs';

const TITLE_WIDTH = 24;

/**
 * Plays the steps in order and prints what each found, beside its title.
 * @param {[string, (world: object) => Promise<string | string[]>][]} steps
 * @param {object} world what one step learns for the next ones
 */
export async function play(steps, world) {
  for (const [index, [title, step]] of steps.entries()) {
    const number = String(index + 1).padStart(2);
    process.stdout.write(`${number}  ${title.padEnd(TITLE_WIDTH)}`);
    try {
      const lines = [await step(world)].flat();
      say(lines.join(`\n${' '.repeat(TITLE_WIDTH + 4)}`));
    } catch (error) {
      say('FAILED');
      throw error;
    }
  }
}

/** Rows as aligned columns; numbers to the right. */
export function columns(rows, right = []) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}
