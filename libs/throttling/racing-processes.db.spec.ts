import { randomUUID } from 'node:crypto';
import { sourceProcess, testStack } from '#libs/testing';
import { BUCKETS } from './rate-limiter.js';
import type { Race, RaceOutcome } from './testing/racing-process.js';

const PROCESSES = 4;
const BUCKET_MS = 10;
const WINDOW_MS = BUCKETS * BUCKET_MS;
const LIMIT = 50;

/** Four processes that ask for the same limits at once; the times of what was allowed, in order. */
async function raced(counting: Race['counting'], forMs: number): Promise<{ allowed: number[]; asked: number }> {
  const tag = randomUUID();
  const limits = [
    { key: `rate_limit:tenant:{${tag}}:user:u:route:/spec`, limit: LIMIT },
    { key: `rate_limit:tenant:{${tag}}`, limit: 1_000_000 },
  ];
  const race: Race = { counting, bucketMs: BUCKET_MS, limits, forMs };
  const processes = Array.from({ length: PROCESSES }, () =>
    sourceProcess('libs/throttling/testing/racing-process.ts', testStack().redis.sessions),
  );
  for (const each of processes) expect(await each.message()).toBe('ready');
  for (const { child } of processes) child.send(race);
  const outcomes = await Promise.all(processes.map((each) => each.message<RaceOutcome>()));
  for (const { asked } of outcomes) expect(asked).toBeGreaterThan(100);
  return {
    allowed: outcomes.flatMap((each) => each.allowed).sort((a, b) => a - b),
    asked: outcomes.reduce((sum, each) => sum + each.asked, 0),
  };
}

/** Allowed requests with `LIMIT` others after them within one window. */
function tooMany(allowed: readonly number[]): number[] {
  return allowed.filter((at, index) => (allowed[index + LIMIT] ?? Infinity) - at < WINDOW_MS);
}

it('never lets more than the limit through in any window while four processes race, and not much less', async () => {
  const { allowed, asked } = await raced('together', 6_000);
  expect(tooMany(allowed)).toEqual([]);
  expect(asked).toBeGreaterThan(10 * allowed.length);
  // The limit is not only kept but given: the oldest part is counted whole, which costs one part in sixty-one.
  const windows = Math.floor(((allowed.at(-1) ?? 0) - (allowed[0] ?? 0)) / (WINDOW_MS + 2 * BUCKET_MS));
  expect(windows).toBeGreaterThanOrEqual(7);
  expect(allowed.length).toBeGreaterThanOrEqual(windows * LIMIT);
});

it('is not kept by processes that each count alone: the measure would show it', async () => {
  const { allowed } = await raced('each alone', 600);
  expect(tooMany(allowed).length).toBeGreaterThan(LIMIT);
});
