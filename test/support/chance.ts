import { randomInt } from 'node:crypto';

/** Chance that can be had again: the same seed gives the same numbers (mulberry32). */
export class Chance {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed;
  }

  /** From the environment variable FAULT_SEED, or new. Print it: a failure can then be looked for again. */
  static ofThisRun(): Chance {
    return new Chance(Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31)));
  }

  /** Chance of its own for one of many that run side by side, whose turns nobody can foresee. */
  fork(number: number): Chance {
    return new Chance((this.seed ^ Math.imul(number + 1, 0x9e3779b1)) | 0);
  }

  /** A number from 0 (included) to 1 (excluded). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** One of them. @throws when there are none */
  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Some of them, each at most once. */
  some<T>(items: readonly T[], count: number): T[] {
    return items
      .map((item) => ({ item, order: this.next() }))
      .toSorted((a, b) => a.order - b.order)
      .slice(0, count)
      .map(({ item }) => item);
  }
}

/** Seconds that a longer run asks for (`FAULT_SECONDS=600`); 0 for the run that belongs to every `npm test`. */
export const soakSeconds = Number(process.env['FAULT_SECONDS'] ?? 0);
