/** The last id made on one time line: the 74 random bits, as 12, 30 and 32 of them, are counted up inside a millisecond. */
interface LastId {
  timeMs: number;
  /** What the time reads in the id. */
  prefix: string;
  high: number;
  middle: number;
  low: number;
}

const LOW_MAX = 2 ** 32;
const MIDDLE_MAX = 2 ** 30;
const TIME_MS_MAX = 2 ** 48 - 1;
const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// Two time lines, so that ids dated by an importer neither hold back nor follow the ones of the real clock.
const ofSystemTime: LastId = { timeMs: -1, prefix: '', high: 0, middle: 0, low: 0 };
const ofGivenTime: LastId = { ...ofSystemTime };

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
    addTo(last, random32() + 1);
  } else {
    const hex = timeMs.toString(16).padStart(12, '0');
    last.timeMs = timeMs;
    last.prefix = `${hex.slice(0, 8)}-${hex.slice(8)}`;
    // The top bit stays free, so that a millisecond cannot run out of ids.
    last.high = random32() >>> 21;
    last.middle = random32() >>> 2;
    last.low = random32();
  }
  // Numbers, not one BigInt: an import makes hundreds of thousands of ids.
  const version = (0x7000 | last.high).toString(16);
  const variant = (0x80000000 + last.middle).toString(16);
  const end = last.low.toString(16).padStart(8, '0');
  return `${last.prefix}-${version}-${variant.slice(0, 4)}-${variant.slice(4)}${end}`;
}

function addTo(last: LastId, step: number): void {
  last.low += step;
  if (last.low < LOW_MAX) return;
  last.low -= LOW_MAX;
  last.middle += 1;
  if (last.middle < MIDDLE_MAX) return;
  last.middle = 0;
  last.high += 1;
}

// Asking the system for a few bytes costs microseconds, and a document of 1,000 lines needs thousands of ids.
const pool = new Uint32Array(1_024);
let poolUsed = pool.length;

function random32(): number {
  if (poolUsed === pool.length) {
    crypto.getRandomValues(pool);
    poolUsed = 0;
  }
  return pool[poolUsed++] ?? 0;
}
