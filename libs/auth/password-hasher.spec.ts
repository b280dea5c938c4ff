import { PasswordChecksBusy } from './auth.errors.js';
import { PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher();

beforeAll(() => hasher.onModuleInit());

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

describe('a password', () => {
  it('is kept as argon2id with the costs that OWASP asks for', async () => {
    const hash = await hasher.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hasher.needsRehash(hash)).toBe(false);
    expect(hasher.needsRehash(hash.replace('t=2', 't=1'))).toBe(true);
    await expect(hasher.verify(hash, 'correct horse')).resolves.toBe(true);
    await expect(hasher.verify(hash, 'correct horsé')).resolves.toBe(false);
  });

  it('is the same however its characters are composed', async () => {
    const hash = await hasher.hash('caf\u00e9');
    await expect(hasher.verify(hash, 'cafe\u0301')).resolves.toBe(true);
  });

  it('of an unknown user takes as long to refuse as a wrong one', async () => {
    const hash = await hasher.hash('correct horse');
    const wrong: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      wrong.push(await elapsedMs(() => hasher.verify(hash, 'wrong')));
      unknown.push(await elapsedMs(() => hasher.verify(undefined, 'wrong')));
    }
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[4] ?? 0;
    // Skipping the hash would make it a hundred times faster.
    expect(median(unknown)).toBeGreaterThan(median(wrong) / 3);
    await expect(hasher.verify(undefined, 'wrong')).resolves.toBe(false);
  });

  it('waits its turn, and a flood is refused rather than queued', async () => {
    const flood = Array.from({ length: 110 }, () => hasher.verify(undefined, 'wrong'));
    const results = await Promise.allSettled(flood);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(8);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(PasswordChecksBusy);
    await expect(hasher.verify(undefined, 'after')).resolves.toBe(false);
  });
});
