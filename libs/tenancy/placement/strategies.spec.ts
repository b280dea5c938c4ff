import { uuidv7 } from '#libs/kernel';
import { placementOn, type PlacementWishes, type Shard } from './shards.js';
import { hashStrategy, type PlacementStrategy, rangeStrategy, regionStrategy } from './strategies.js';

const TENANTS = Array.from({ length: 4_000 }, () => uuidv7());

const shards = (count: number): Shard[] =>
  Array.from({ length: count }, (_, index) => ({ cluster: `c${index + 1}`, database: 'quoin_tenants' }));

async function chosen(
  strategy: PlacementStrategy,
  tenantId: string,
  among: readonly Shard[],
  wishes: PlacementWishes = {},
): Promise<string | undefined> {
  return (await strategy.choose(tenantId, among, wishes))[0]?.cluster;
}

const homes = (among: readonly Shard[]) => Promise.all(TENANTS.map((id) => chosen(hashStrategy, id, among)));

describe('hash', () => {
  it.each([1, 2, 3, 5, 8, 16])(
    'a shard more beside %i moves 1/N of the tenants, all of them to the new one',
    async (count) => {
      const [before, after] = await Promise.all([homes(shards(count)), homes(shards(count + 1))]);
      const moved = TENANTS.flatMap((_, index) => (before[index] === after[index] ? [] : [after[index]]));
      expect(new Set(moved)).toEqual(new Set([`c${count + 1}`]));
      const expected = TENANTS.length / (count + 1);
      expect(Math.abs(moved.length - expected)).toBeLessThan(5 * Math.sqrt(expected));
    },
  );

  it('gives each shard its share, whatever the order in which they are listed', async () => {
    const listed = shards(4);
    const found = await homes(listed);
    const sizes = [...Map.groupBy(found, (home) => home).values()].map((group) => group.length);
    expect(sizes).toHaveLength(4);
    for (const size of sizes)
      expect(Math.abs(size - TENANTS.length / 4)).toBeLessThan(5 * Math.sqrt(TENANTS.length / 4));
    expect(await homes(listed.toReversed())).toEqual(found);
  });

  it('a shard less moves only the tenants that lose it', async () => {
    const all = shards(5);
    const [before, after] = await Promise.all([homes(all), homes(all.filter(({ cluster }) => cluster !== 'c3'))]);
    const moved = TENANTS.filter((_, index) => before[index] !== after[index]);
    expect(moved).toEqual(TENANTS.filter((_, index) => before[index] === 'c3'));
  });

  it('mutation: a remainder of the hash would move nearly everybody', async () => {
    const modulo = (count: number) => TENANTS.map((id) => Number(BigInt(`0x${id.slice(-12)}`) % BigInt(count)));
    const [before, after] = [modulo(5), modulo(6)];
    const moved = TENANTS.filter((_, index) => before[index] !== after[index]).length;
    expect(moved / TENANTS.length).toBeGreaterThan(0.7);
  });
});

describe('range', () => {
  const first = '00000000-0000-0000-0000-000000000000';
  const second = '01999999-0000-7000-8000-000000000000';
  const strategy = rangeStrategy([
    { from: second, shard: 'c2/quoin_tenants' },
    { from: first, shard: 'c1/quoin_tenants' },
  ]);

  it('gives the shard of the range that the id is in, the bounds included', async () => {
    expect(await chosen(strategy, first, shards(2))).toBe('c1');
    expect(await chosen(strategy, '01999998-ffff-7fff-bfff-ffffffffffff', shards(2))).toBe('c1');
    expect(await chosen(strategy, second, shards(2))).toBe('c2');
    expect(await chosen(strategy, 'ffffffff-ffff-ffff-ffff-ffffffffffff', shards(2))).toBe('c2');
  });

  it('refuses an id that is in no range, and a range whose shard is not there', async () => {
    const late = rangeStrategy([{ from: second, shard: 'c2/quoin_tenants' }]);
    await expect(chosen(late, first, shards(2))).rejects.toThrow('its range of ids has no shard');
    await expect(chosen(late, second, shards(1))).rejects.toThrow('its range of ids has no shard');
  });
});

describe('region', () => {
  const strategy = regionStrategy({ DE: 'eu', FR: 'eu', US: 'us' });
  const placed: Shard[] = [
    { cluster: 'c1', database: 'a', region: 'us' },
    { cluster: 'c2', database: 'a', region: 'eu' },
    { cluster: 'c3', database: 'a', region: 'eu' },
  ];

  it('leaves the shards of the country’s region, for the next strategy to choose among', async () => {
    const left = await strategy.choose('x', placed, { country: 'DE' });
    expect(left.map(({ cluster }) => cluster)).toEqual(['c2', 'c3']);
    const homesOfGermans = await Promise.all(TENANTS.slice(0, 500).map((id) => chosen(hashStrategy, id, left)));
    expect(new Set(homesOfGermans)).toEqual(new Set(['c2', 'c3']));
  });

  it('takes a country that is not listed anywhere, and refuses one whose region has no cluster', async () => {
    expect(await strategy.choose('x', placed, { country: 'BR' })).toEqual(placed);
    const outside = placed.filter(({ region }) => region !== 'eu');
    await expect(strategy.choose('x', outside, { country: 'FR' })).rejects.toThrow('no cluster is in the region eu');
  });
});

describe('placementOn', () => {
  const id = '01999999-0000-7000-8000-000000000000';

  it('names schemas and databases of one tenant after its id, within the length that PostgreSQL keeps', () => {
    const shard = { cluster: 'c1', database: 'a'.repeat(63) };
    expect(placementOn(shard, 'schema', id).schema).toBe('t_01999999000070008000000000000000');
    const { database, schema } = placementOn(shard, 'database', id);
    expect([database.length, database.endsWith('_01999999000070008000000000000000'), schema]).toEqual([
      63,
      true,
      'public',
    ]);
  });
});
