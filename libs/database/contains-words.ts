import { type FindOperator, Raw } from 'typeorm';
import { searchWords } from '#libs/kernel';

/**
 * A condition on a column that holds a `searchText`: it contains every word of the query, anywhere. Not LIKE: nothing
 * in a query is a pattern. No index serves it, and under row-level security none could (strpos, like LIKE, is not
 * leakproof): it reads the tenant's rows in the order of the page until the page is full. An empty query finds all.
 */
export function containsWords(query: string): FindOperator<string> {
  const words = searchWords(query);
  const parameters = Object.fromEntries(words.map((word, index) => [`searched${index}`, word]));
  return Raw(
    (column) => words.map((_, index) => `strpos(${column}, :searched${index}) > 0`).join(' and ') || 'true',
    parameters,
  );
}
