import { foldText, searchText, searchWords } from './search-text.js';

it('folds case, accents, ligatures and spaces', () => {
  expect(foldText('  Crème  BRÛLÉE ﬁne\tΆ ')).toBe('creme brulee fine α');
});

it('joins what a record is found by', () => {
  expect(searchText('Café Mug', null, '', 'MUG-1')).toBe('cafe mug mug-1');
});

it('takes a query apart into a bounded number of words', () => {
  expect(searchWords(' Red  mug RED ')).toEqual(['red', 'mug']);
  expect(searchWords('a b c d e f g h i j')).toHaveLength(8);
  expect(searchWords('   ')).toEqual([]);
});
