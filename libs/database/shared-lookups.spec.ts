import { SharedLookups } from './shared-lookups.js';

/** Gives each key but `nobody` itself, and notes what was asked for together. */
function lookups(): { readonly read: string[][]; readonly shared: SharedLookups<string> } {
  const read: string[][] = [];
  const shared = new SharedLookups<string>(async (keys) => {
    read.push([...keys]);
    if (keys.includes('broken')) throw new Error('the database is gone');
    return new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, `the ${key}`]));
  });
  return { read, shared };
}

describe('shared look-ups', () => {
  it('read what is asked for in one turn at once, each key once', async () => {
    const { read, shared } = lookups();
    const found = await Promise.all(['lamp', 'vase', 'lamp', 'nobody'].map((key) => shared.find(key)));
    expect(found).toEqual(['the lamp', 'the vase', 'the lamp', undefined]);
    expect(read).toEqual([['lamp', 'vase', 'nobody']]);
  });

  it('read anew for who asks later', async () => {
    const { read, shared } = lookups();
    await shared.find('lamp');
    await shared.find('lamp');
    expect(read).toEqual([['lamp'], ['lamp']]);
  });

  it('bound how many keys share a statement', async () => {
    const { read, shared } = lookups();
    await Promise.all(Array.from({ length: 1_200 }, (_, index) => shared.find(`${index}`)));
    expect(read.map((keys) => keys.length)).toEqual([500, 500, 200]);
  });

  it('tell a failure to all who asked, and go on with the next turn', async () => {
    const { shared } = lookups();
    const outcomes = await Promise.allSettled([shared.find('lamp'), shared.find('broken')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await shared.find('lamp')).toBe('the lamp');
  });
});
