/** Words of a query that count; the rest is ignored, so that a query cannot be made arbitrarily dear. */
const WORDS_MAX = 8;

/** The form in which texts are compared when people search: lower case, without accents, `ﬁ` as `fi`. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** What a record is found by: its texts, folded, in one line. Empty and missing ones are left out. */
export function searchText(...texts: readonly (string | null | undefined)[]): string {
  return texts
    .map((text) => foldText(text ?? ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** The folded words of a query, at most 8. A record is found when its search text contains all of them. */
export function searchWords(query: string): string[] {
  const words = foldText(query).split(' ');
  return [...new Set(words.filter((word) => word !== ''))].slice(0, WORDS_MAX);
}
