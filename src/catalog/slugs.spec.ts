import { freeSlug, slugOf } from './slugs.js';

it.each([
  ['Crème Brûlée Set (4 pcs.)', 'creme-brulee-set-4-pcs'],
  ['  --Mug--  ', 'mug'],
  ['マグ', 'item'],
  ['', 'item'],
  ['long '.repeat(30), `${'long-'.repeat(15)}long`],
])('makes a slug of %p', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
  expect(slug.length).toBeLessThanOrEqual(80);
});

it('numbers a slug that is taken, from 2, and remembers what it gave', () => {
  const taken = new Set(['mug', 'mug-3']);
  expect([freeSlug('mug', taken), freeSlug('mug', taken), freeSlug('cup', taken)]).toEqual(['mug-2', 'mug-4', 'cup']);
});
