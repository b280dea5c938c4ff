/** Choices that look random and are the same in every run, on every machine. Seeded by a word. */
export class SeededChoices {
  private state: number;

  constructor(seed: string) {
    this.state = 0x811c9dc5;
    for (const character of seed) this.state = Math.imul(this.state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }

  /** A whole number from 0 to `count` − 1. */
  below(count: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) | 0;
    // The high bits of such a generator are the good ones.
    return Math.floor(((this.state >>> 8) / 2 ** 24) * count);
  }

  /** So many of the items, each at most once, in their order. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = items.map((_, index) => index);
    const chosen: number[] = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(this.below(left.length), 1));
    return chosen.sort((one, other) => one - other).flatMap((index) => items.slice(index, index + 1));
  }
}
