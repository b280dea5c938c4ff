/** The last id made on one time line: the 74 random bits are counted up inside a millisecond. */
interface LastId {
  timeMs: number;
  random: bigint;
}

const RANDOM_BITS = 74n;
const TIME_MS_MAX = 2 ** 48 - 1;
const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// Two time lines, so that ids dated by an importer neither hold back nor follow the ones of the real clock.
const ofSystemTime: LastId = { timeMs: -1, random: 0n };
const ofGivenTime: LastId = { timeMs: -1, random: 0n };

/**
 * A version 7 UUID (RFC 9562): time-ordered, lower case. Ids made by one process increase strictly, also inside a
 * millisecond (§6.2, method 2) and when the system's clock is set back.
 *
 * @param now dates the id; such ids increase as long as the `now` of successive calls does not go back. Throws a
 * `RangeError` for a time before 1970.
 */
export function uuidv7(now?: Date): string {
  if (now === undefined) return next(ofSystemTime, Math.max(Date.now(), ofSystemTime.timeMs));
  const timeMs = now.getTime();
  if (!(timeMs >= 0 && timeMs <= TIME_MS_MAX)) throw new RangeError('A version 7 UUID starts with a time since 1970');
  return next(ofGivenTime, timeMs);
}

/** Whether the text is a UUID of any version in canonical form, so that PostgreSQL will take it. */
export function isUuid(text: string): boolean {
  return CANONICAL.test(text);
}

function next(last: LastId, timeMs: number): string {
  if (timeMs === last.timeMs) {
    // A random step keeps the next id hard to guess.
    last.random += randomBits(32n) + 1n;
  } else {
    // The top bit stays free, so that a millisecond cannot run out of ids.
    last.random = randomBits(RANDOM_BITS - 1n);
  }
  last.timeMs = timeMs;
  return format(timeMs, last.random);
}

// Asking the system for a few bytes costs microseconds, and a document of 1,000 lines needs thousands of ids.
const pool = Buffer.alloc(4_096);
let poolUsed = pool.length;

function randomBits(bits: bigint): bigint {
  const length = Number(bits + 7n) >> 3;
  if (poolUsed + length > pool.length) {
    crypto.getRandomValues(pool);
    poolUsed = 0;
  }
  const bytes = pool.subarray(poolUsed, (poolUsed += length));
  return BigInt.asUintN(Number(bits), BigInt(`0x${bytes.toString('hex')}`));
}

function format(timeMs: number, random: bigint): string {
  const high = 0x7000n | (random >> 62n);
  const low = (0b10n << 62n) | (random & ((1n << 62n) - 1n));
  const hex = ((BigInt(timeMs) << 80n) | (high << 64n) | low).toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
