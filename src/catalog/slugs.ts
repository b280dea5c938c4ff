const LENGTH_MAX = 80;

/** The URL form of a name: lower case, ASCII, words joined by hyphens. Names without a letter or digit become `item`. */
export function slugOf(name: string): string {
  const ascii = name.normalize('NFKD').replaceAll(/[\u0300-\u036f]/g, '');
  const slug = ascii
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, LENGTH_MAX)
    .replace(/-+$/, '');
  return slug === '' ? 'item' : slug;
}

/** The slug itself, or with the lowest number behind it that is free; adds the answer to `taken`. */
export function freeSlug(wanted: string, taken: Set<string>): string {
  let slug = wanted;
  for (let number = 2; taken.has(slug); number++) slug = `${wanted}-${number}`;
  taken.add(slug);
  return slug;
}
