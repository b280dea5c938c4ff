import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '#libs/kernel/testing';
import { testStack } from '#libs/testing';
import { entriesFor, type EntriesStage, formsWith, valueIn } from '../testing/index.js';
import { type EntryRef, EntryStore, type FillLease } from './entry-store.js';
import type { Served, Source } from './tagged-entries.js';

const opened: EntriesStage[] = [];

async function stage(options: Parameters<typeof entriesFor>[1] = {}): Promise<EntriesStage> {
  const one = await entriesFor(testStack().redis.cache, options);
  opened.push(one);
  return one;
}

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** As a reader does it: look, and obtain what is not there. */
async function read({ entries }: EntriesStage, ref: EntryRef, source: () => Promise<string>): Promise<Served> {
  const seen = await entries.look(ref, '');
  if (seen.state === 'fresh') return { etag: '', encoding: 'identity', payload: seen.payload };
  return entries.obtain(ref, '', async () => formsWith(await source()));
}

describe('an entry', () => {
  // Seen red with the forms made inside of the reader's turn: packing would hold the database's places.
  it('gives its turn at the source to the next reader before its forms are made', async () => {
    const one = await stage({ source: { concurrencyMax: 1, queueMax: 1, waitMaxMs: 5_000 } });
    const packed = Promise.withResolvers<void>();
    const slow = one.entries.obtain(one.ref('slow', ['t']), '', async () => async () => {
      await packed.promise;
      return formsWith('slow')(true);
    });
    expect(valueIn(await read(one, one.ref('quick', ['t']), async () => 'quick'))).toBe('quick');
    packed.resolve();
    expect(valueIn(await slow)).toBe('slow');
  });

  it('is read from its source once, and then from Redis', async () => {
    const one = await stage();
    const ref = one.ref('a', ['t']);
    let fills = 0;
    const source = async () => `value ${(fills += 1)}`;
    expect(valueIn(await read(one, ref, source))).toBe('value 1');
    expect(valueIn(await read(one, ref, source))).toBe('value 1');
    expect(await one.redis.pttl(ref.key)).toBeGreaterThan(50_000);
  });

  it('is read anew when one of its tags was flushed, however many entries the tag has', async () => {
    const one = await stage();
    const refs = Array.from({ length: 20 }, (_, index) => one.ref(`a${index}`, ['shared', `own-${index}`]));
    let round = 'first';
    for (const ref of refs) await read(one, ref, async () => round);
    round = 'second';
    await one.store.flush([refs[3]!.tagKeys[1]!]);
    const values = async () => (await Promise.all(refs.map((ref) => read(one, ref, async () => round)))).map(valueIn);
    expect((await values()).filter((value) => value === 'second')).toHaveLength(1);
    await one.store.flush([refs[0]!.tagKeys[0]!]);
    expect(new Set(await values())).toEqual(new Set(['second']));
  });

  it('is worthless when Redis has evicted a tag, also after the tag is there again', async () => {
    const one = await stage();
    const ref = one.ref('a', ['evicted']);
    await read(one, ref, async () => 'old');
    await one.redis.del(...ref.tagKeys);
    await read(one, one.ref('b', ['evicted']), async () => 'brings the tag back');
    expect(await one.entries.look(ref, '')).toEqual({ state: 'miss' });
  });

  it('of another release, or damaged, is a miss', async () => {
    const one = await stage();
    const ref = one.ref('a', []);
    for (const bytes of ['', 'nonsense', '9|1|identity||\nvalue', `1|${'x'.repeat(2_000)}\n`]) {
      await one.redis.set(ref.key, bytes);
      expect(await one.entries.look(ref, '')).toEqual({ state: 'miss' });
    }
  });

  it('that is too large is answered and not kept', async () => {
    const one = await stage();
    const ref = one.ref('large', ['t']);
    expect((await read(one, ref, async () => 'x'.repeat(1_048_577))).payload.byteLength).toBe(1_048_577);
    expect(await one.redis.exists(ref.key, `${ref.key}#lease`)).toBe(0);
  });

  it('stands on one slot of a cluster with its tags and its lease', async () => {
    const one = await stage();
    const ref = one.ref('a', ['t', 'u']);
    const hashTags = [ref.key, ...ref.tagKeys].map((key) => /\{(.*?)\}/.exec(key)?.[1]);
    expect(new Set(hashTags)).toEqual(new Set([ref.tenantId]));
    expect(ref.key).toBe(`test:tenant:{${ref.tenantId}}:a`);
  });
});

describe('a fill', () => {
  const fillsOf = async (processes: EntriesStage[], slowMs: number): Promise<number> => {
    let fills = 0;
    const source = async (): Promise<string> => {
      fills += 1;
      await sleep(slowMs);
      return 'value';
    };
    const reads = processes.flatMap((one) =>
      Array.from({ length: 50 }, () => read(one, one.ref('busy', ['t']), source)),
    );
    for (const served of await Promise.all(reads)) expect(valueIn(served)).toBe('value');
    return fills;
  };

  it('is done once for 200 readers in four processes', async () => {
    const tenantId = randomUUID();
    const processes = await Promise.all(Array.from({ length: 4 }, () => stage({ tenantId })));
    expect(await fillsOf(processes, 100)).toBe(1);
  });

  it('would be done more than once without the lease', async () => {
    class EveryoneMayFill extends EntryStore {
      override begin(ref: EntryRef): Promise<FillLease | 'busy' | 'filled'> {
        return super.begin({ ...ref, key: `${ref.key}${randomUUID()}` });
      }
    }
    const tenantId = randomUUID();
    const storeOn = (redis: EntriesStage['redis']) => new EveryoneMayFill(redis);
    const processes = await Promise.all(Array.from({ length: 4 }, () => stage({ tenantId, storeOn })));
    expect(await fillsOf(processes, 100)).toBeGreaterThan(1);
  });

  it('by somebody who died is waited for a second, and not longer', async () => {
    const one = await stage();
    const ref = one.ref('abandoned', ['t']);
    await one.store.begin(ref);
    const begun = Date.now();
    expect(valueIn(await read(one, ref, async () => 'read alone'))).toBe('read alone');
    expect(Date.now() - begun).toBeLessThan(2_500);
  });

  it('that began before a flush is not stored, and holds up nobody who comes after it', async () => {
    const one = await stage();
    const ref = one.ref('a', ['t']);
    const slow = read(one, ref, async () => {
      await sleep(400);
      return 'before';
    });
    await sleep(50);
    await one.store.flush(ref.tagKeys);
    const other = await stage({ tenantId: ref.tenantId });
    const begun = Date.now();
    expect(valueIn(await read(other, ref, async () => 'after'))).toBe('after');
    expect(Date.now() - begun).toBeLessThan(300);
    expect(valueIn(await slow)).toBe('before');
    expect(valueIn(await read(one, ref, async () => 'again'))).toBe('after');
  });

  it('that began before a value was forgotten is not stored', async () => {
    const one = await stage();
    const ref = one.ref('a', []);
    const slow = read(one, ref, async () => {
      await sleep(100);
      return 'before';
    });
    await sleep(30);
    await one.store.forget(ref.key);
    await slow;
    expect(await one.entries.look(ref, '')).toEqual({ state: 'miss' });
  });

  it('that fails gives its lease back and tells everyone who waited', async () => {
    const one = await stage();
    const ref = one.ref('a', ['t']);
    const failing = async (): Promise<string> => {
      await sleep(20);
      throw new Error('no database');
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => read(one, ref, failing)));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(valueIn(await read(one, ref, async () => 'back'))).toBe('back');
  });
});

describe('no reader is shown what was flushed before it came', () => {
  /** Writers change a row, slowly, and flush after each change; readers compare with what was flushed before they came. */
  async function staleReads(useTags: boolean, seed: number): Promise<number> {
    const random = new SeededRandom(seed);
    const tenantId = randomUUID();
    const processes = await Promise.all(Array.from({ length: 3 }, () => stage({ tenantId })));
    let row = 0;
    let flushed = 0;
    let stale = 0;
    const pause = (): Promise<void> => sleep(random.integer(0, 5));
    const source = async (): Promise<string> => {
      await pause();
      const seen = row;
      await pause();
      return String(seen);
    };
    const until = Date.now() + 1_500;
    const writer = async (one: EntriesStage): Promise<void> => {
      while (Date.now() < until) {
        row += 1;
        const written = row;
        await pause();
        await one.store.flush(one.ref('row', ['row']).tagKeys);
        flushed = Math.max(flushed, written);
        await sleep(random.integer(0, 24));
      }
    };
    const reader = async (one: EntriesStage): Promise<void> => {
      while (Date.now() < until) {
        const expected = flushed;
        if (Number(valueIn(await read(one, one.ref('row', useTags ? ['row'] : []), source))) < expected) stale += 1;
      }
    };
    await Promise.all(processes.flatMap((one) => [writer(one), ...Array.from({ length: 6 }, () => reader(one))]));
    return stale;
  }

  it('in any of three processes, while rows are changed and flushed all the time', async () => {
    expect(await staleReads(true, 20_261_121)).toBe(0);
  });

  it('which this test would notice: without the tags of an entry it finds stale reads', async () => {
    expect(await staleReads(false, 20_261_121)).toBeGreaterThan(0);
  });
});

describe('a stale entry', () => {
  it('is served on while one reader, of all processes, reads it anew', async () => {
    const tenantId = randomUUID();
    const processes = await Promise.all(Array.from({ length: 3 }, () => stage({ tenantId })));
    const ref = processes[0]!.ref('a', ['t'], { freshMs: 50, staleMs: 60_000 });
    await read(processes[0]!, ref, async () => 'old');
    await sleep(60);
    let fills = 0;
    const source = async () => {
      fills += 1;
      await sleep(100);
      return formsWith('new');
    };
    const readers = processes.flatMap((one) => Array.from({ length: 20 }, () => staleRead(one, ref, source)));
    const values = await Promise.all(readers);
    expect(fills).toBe(1);
    expect(values.filter((value) => value === 'new')).toHaveLength(1);
    expect(await processes[1]!.entries.look(ref, '')).toMatchObject({ state: 'fresh', payload: Buffer.from('new') });
  });

  it('is served on when its source does not answer, and is gone when its time is over', async () => {
    const one = await stage();
    const ref = one.ref('a', ['t'], { freshMs: 30, staleMs: 300 });
    await read(one, ref, async () => 'old');
    await sleep(40);
    expect(await staleRead(one, ref, () => Promise.reject(new Error('no database')))).toBe('old');
    await sleep(320);
    expect(await one.entries.look(ref, '')).toEqual({ state: 'miss' });
  });

  it('is not served once it was flushed', async () => {
    const one = await stage();
    const ref = one.ref('a', ['t'], { freshMs: 10, staleMs: 60_000 });
    await read(one, ref, async () => 'old');
    await sleep(20);
    await one.store.flush(ref.tagKeys);
    expect(await one.entries.look(ref, '')).toEqual({ state: 'miss' });
  });

  async function staleRead(one: EntriesStage, ref: EntryRef, source: Source) {
    const seen = await one.entries.look(ref, '');
    if (seen.state === 'miss' || seen.state === 'away') throw new Error(`it is ${seen.state}`);
    const stale: Served = { etag: '', encoding: 'identity', payload: seen.payload };
    const lease = seen.state === 'stale' ? await one.entries.leaseToRefresh(ref, '') : undefined;
    return valueIn(lease ? await one.entries.refresh(ref, '', lease, stale, source) : stale);
  }
});
