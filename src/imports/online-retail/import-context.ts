/** What every document of a run needs: the tenant's rows for what the file names. */
export interface ImportContext {
  readonly warehouseId: string;
  /** Product ids by exact stock code. */
  readonly productIds: ReadonlyMap<string, string>;
  /** Customer ids by reference. */
  readonly customerIds: ReadonlyMap<string, string>;
}

/** Prices as given, tax unknown (issue 2, section 6). The PDF says "not stated". */
export const TAX_NOT_STATED = { taxCode: 'not-stated', taxRatePpm: 0 } as const;

/** The id that the survey promised. @throws when the survey and the import saw different files */
export function known(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (!id) throw new Error(`${key} was not there when the file was surveyed: did the file change?`);
  return id;
}
