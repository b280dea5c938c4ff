import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { RenewedLookups } from './renewed-lookups.js';

let now: number;

beforeEach(() => {
  now = 1_000_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => jest.restoreAllMocks());

/** A place where things are looked up: what is there, what was asked for together, and whether it answers. */
class Source {
  readonly there = new Map<string, string>();
  readonly asked: string[][] = [];
  answers: Promise<void> = Promise.resolve();

  readonly read = async (keys: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    this.asked.push([...keys]);
    // What is there when it is asked, whenever the answer comes.
    const found = new Map(keys.flatMap((key) => (this.there.has(key) ? [[key, this.there.get(key) ?? '']] : [])));
    await this.answers;
    return found;
  };
}

/** Lets renewing end. */
async function turns(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await turn();
}

let source: Source;
let lookups: RenewedLookups<string>;

beforeEach(() => {
  source = new Source();
  source.there.set('lamp', 'old').set('vase', 'old');
  lookups = new RenewedLookups(source.read, { entriesMax: 10 });
});

it('asks once for what is wanted together, and gives it at once for a second', async () => {
  expect(await Promise.all([lookups.find('lamp'), lookups.find('vase'), lookups.find('lamp')])).toHaveLength(3);
  now += 999;
  expect(lookups.find('lamp')).toBe('old');
  await turns();
  expect(source.asked).toEqual([['lamp', 'vase']]);
});

it('reads all that is in use again beside those who ask, once for all of them', async () => {
  await Promise.all([lookups.find('lamp'), lookups.find('vase')]);
  source.there.set('lamp', 'new').delete('vase');
  now += 1_000;
  expect([lookups.find('lamp'), lookups.find('vase'), lookups.find('lamp')]).toEqual(['old', 'old', 'old']);
  await turns();
  expect(source.asked).toEqual([
    ['lamp', 'vase'],
    ['lamp', 'vase'],
  ]);
  expect(lookups.find('lamp')).toBe('new');
  expect(await lookups.find('vase')).toBeUndefined();
});

it('gives nothing that was read more than two seconds ago, also when it cannot be read again', async () => {
  await lookups.find('lamp');
  source.there.set('lamp', 'new');
  now += 2_000;
  expect(await lookups.find('lamp')).toBe('new');
  source.answers = Promise.reject(new Error('gone'));
  source.answers.catch(() => undefined);
  now += 1_500;
  expect(lookups.find('lamp')).toBe('new');
  await turns();
  now += 500;
  await expect(lookups.find('lamp')).rejects.toThrow('gone');
});

it('counts the age from when it was asked, not from when the answer came', async () => {
  const answer = Promise.withResolvers<void>();
  source.answers = answer.promise;
  const first = lookups.find('lamp');
  await turn();
  source.there.set('lamp', 'new');
  now += 1_999;
  answer.resolve();
  expect(await first).toBe('old');
  now += 1;
  expect(await lookups.find('lamp')).toBe('new');
});

it('asks once a second for what is not answered, however many want it', async () => {
  await lookups.find('lamp');
  now += 2_000;
  const answer = Promise.withResolvers<void>();
  source.answers = answer.promise;
  const waiting: unknown[] = [];
  for (let count = 0; count < 30; count += 1) {
    waiting.push(lookups.find('lamp'));
    await turn();
    now += 100;
  }
  // The first one; then one a second for whoever waits, and one every two seconds beside them.
  expect(source.asked).toHaveLength(1 + 3 + 2);
  answer.resolve();
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 30 }, () => 'old'));
});

it('is not set back by an answer that comes late', async () => {
  await lookups.find('lamp');
  now += 2_000;
  const late = Promise.withResolvers<void>();
  source.answers = late.promise;
  const first = lookups.find('lamp');
  await turn();
  source.there.set('lamp', 'new');
  source.answers = Promise.resolve();
  now += 1_000;
  expect(await lookups.find('lamp')).toBe('new');
  late.resolve();
  expect(await first).toBe('new');
  await turns();
  expect(lookups.find('lamp')).toBe('new');
});

it('waits no longer than its patience, and then gives what was last known', async () => {
  lookups = new RenewedLookups(source.read, { entriesMax: 10, patienceMs: 5 });
  await lookups.find('lamp');
  source.there.set('lamp', 'new');
  const answer = Promise.withResolvers<void>();
  source.answers = answer.promise;
  now += 60_000;
  expect(await lookups.find('lamp')).toBe('old');
  answer.resolve();
  await turns();
  expect(lookups.find('lamp')).toBe('new');
});

it('gives what was read after it was told to forget, and not what was being read then', async () => {
  const answer = Promise.withResolvers<void>();
  source.answers = answer.promise;
  const first = lookups.find('lamp');
  await turn();
  source.there.set('lamp', 'new');
  lookups.forget();
  answer.resolve();
  expect(await first).toBe('old');
  expect(await lookups.find('lamp')).toBe('new');
});

it('forgets what nobody has used for ten seconds, and what came first when there is too much', async () => {
  await lookups.find('lamp');
  now += 9_000;
  await lookups.find('vase');
  now += 1_000;
  expect(lookups.find('vase')).toBe('old');
  await turns();
  expect(source.asked.at(-1)).toEqual(['vase']);
  expect(lookups.lastKnown('lamp')).toBeUndefined();

  for (let index = 0; index < 11; index += 1) {
    source.there.set(`cup ${index}`, 'there');
    await lookups.find(`cup ${index}`);
  }
  expect(lookups.lastKnown('vase')).toBeUndefined();
  expect(lookups.lastKnown('cup 10')).toBe('there');
});
