/** Random numbers that are the same in every run (mulberry32), for tests over many cases. */
export class SeededRandom {
  constructor(private state: number) {}

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** A whole number from -(2^bits) to 2^bits. */
  signed(bits: number): bigint {
    let value = 0n;
    for (let taken = 0; taken < bits; taken += 16) value = (value << 16n) | BigInt(this.integer(0, 0xffff));
    return BigInt.asUintN(bits, value) * (this.next() < 0.5 ? -1n : 1n);
  }

  /** One of the items. */
  oneOf<T>(items: readonly [T, ...T[]]): T {
    return items[this.integer(0, items.length - 1)] ?? items[0];
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
