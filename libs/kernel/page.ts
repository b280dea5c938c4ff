/** One page of a list, as repositories, queries and the API answer it. */
export interface Page<T> {
  readonly items: T[];
  /** Pass it back to get the next page; null on the last one. */
  readonly nextCursor: string | null;
}
