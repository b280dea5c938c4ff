/** The same JSON with the keys of every object in order, so that equal documents are equal texts. */
export function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((entry: unknown) => sorted(entry)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)])) as T;
}
