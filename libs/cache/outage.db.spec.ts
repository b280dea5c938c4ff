import { setTimeout as sleep } from 'node:timers/promises';
import { PrivateRedis } from '#libs/events/testing';
import { SourceBusy } from './cache.errors.js';
import { CircuitBreaker } from './entries/circuit-breaker.js';
import type { EntryRef } from './entries/entry-store.js';
import { entriesFor, type EntriesStage, formsWith, FrozenLine, valueIn } from './testing/index.js';

let redis: PrivateRedis;
let line: FrozenLine;
let stage: EntriesStage;
let running: boolean;

beforeEach(async () => {
  redis = await PrivateRedis.start();
  running = true;
  line = await FrozenLine.to(redis.url);
  stage = await entriesFor(line.url, { source: { concurrencyMax: 4, queueMax: 40, waitMaxMs: 400 } });
});

afterEach(async () => {
  stage.close();
  await line.close();
  if (running) await kill();
});

async function kill(): Promise<void> {
  running = false;
  await redis.kill();
}

/** A database that counts who is at it. */
function sourceOf(text: string, slowMs: number) {
  const seen = { running: 0, most: 0, reads: 0 };
  const read = async () => {
    seen.reads += 1;
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await sleep(slowMs);
    seen.running -= 1;
    return formsWith(text);
  };
  return { seen, read };
}

async function read(ref: EntryRef, source: ReturnType<typeof sourceOf>): Promise<string> {
  const seen = await stage.entries.look(ref, '');
  if (seen.state === 'fresh' || seen.state === 'stale') return seen.payload.toString();
  return valueIn(await stage.entries.obtain(ref, '', source.read));
}

describe.each([
  ['is killed', kill],
  ['falls silent', async () => line.freeze()],
])('when Redis %s', (_name, fail) => {
  it('the source answers, and one reader after the other does not wait for Redis again', async () => {
    const source = sourceOf('from the source', 1);
    await read(stage.ref('warm', ['t']), source);
    await fail();
    const begun = Date.now();
    for (let round = 0; round < 60; round += 1) {
      expect(await read(stage.ref(`cold-${round}`, ['t']), source)).toBe('from the source');
    }
    // Five time-outs of 250 ms, and one more for each second that it takes.
    expect(Date.now() - begun).toBeLessThan(6_000);
  });

  it('only so many read the source at once, and who cannot wait is told to come again', async () => {
    const source = sourceOf('from the source', 60);
    await fail();
    const refs = Array.from({ length: 150 }, (_, index) => stage.ref(`cold-${index}`, ['t']));
    const outcomes = await Promise.allSettled(refs.map((ref) => read(ref, source)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(source.seen.most).toBe(4);
    expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(4);
    expect(refused.length).toBeGreaterThan(50);
    for (const refusal of refused) expect(refusal).toBeInstanceOf(SourceBusy);
    expect(refused[0]).toMatchObject({ kind: 'unavailable', details: { retryAfterS: 1 } });
    // And there is room again.
    expect(await read(stage.ref('later', ['t']), source)).toBe('from the source');
  });

  it('readers of one thing share the reading of it', async () => {
    const source = sourceOf('from the source', 50);
    await fail();
    const ref = stage.ref('one', ['t']);
    await Promise.all(Array.from({ length: 100 }, () => read(ref, source)));
    expect(source.seen.reads).toBeLessThanOrEqual(3);
  });
});

it('is used again when it is back, without what was stored before', async () => {
  const source = sourceOf('value', 1);
  const ref = stage.ref('a', ['t']);
  await kill();
  for (let round = 0; round < 10; round += 1) await read(ref, source);
  await redis.restart();
  running = true;
  const until = Date.now() + 10_000;
  while ((await stage.entries.look(ref, '')).state !== 'fresh' && Date.now() < until) {
    await read(ref, source);
    await sleep(100);
  }
  expect(await stage.entries.look(ref, '')).toMatchObject({ state: 'fresh' });
});

describe('the queue before the source', () => {
  it('is not one tenant’s alone', async () => {
    const source = sourceOf('value', 30);
    const flood = Array.from({ length: 60 }, (_, index) => stage.ref(`flood-${index}`, ['t']));
    const flooded = Promise.allSettled(flood.map((ref) => read(ref, source)));
    await sleep(30);
    const quiet = { ...stage.ref('quiet', ['t']), tenantId: '0197a1f7-0000-7000-8000-000000000000' };
    expect(await read(quiet, source)).toBe('value');
    const refused = (await flooded).filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
  });
});

describe('the circuit breaker', () => {
  it('refuses at once after five failures in a row, and lets one command a second find out', async () => {
    let now = 0;
    const breaker = new CircuitBreaker(() => now);
    let asked = 0;
    const failing = (): Promise<never> => {
      asked += 1;
      return Promise.reject(new Error('no Redis'));
    };
    for (let round = 0; round < 20; round += 1) await breaker.run(failing).catch(() => undefined);
    expect(asked).toBe(5);
    expect(breaker.isOpen).toBe(true);
    now = 1_001;
    await Promise.allSettled(Array.from({ length: 10 }, () => breaker.run(failing)));
    expect(asked).toBe(6);
    now = 2_100;
    expect(await breaker.run(async () => 'there')).toBe('there');
    expect(await breaker.run(async () => 'still there')).toBe('still there');
    expect(breaker.isOpen).toBe(false);
  });
});
