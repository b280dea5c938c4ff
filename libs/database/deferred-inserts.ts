interface PendingInsert {
  readonly entities: readonly object[];
  readonly write: () => Promise<unknown>;
}

/**
 * Inserts of one unit of work that are not sent yet: they leave in order, ahead of the next statement or with the commit, with what
 * the rows say then. A document that is made in steps (ordered, shipped, invoiced) is written once, as it ends.
 */
export class DeferredInserts {
  private pending: PendingInsert[] = [];
  private readonly unwritten = new Set<object>();

  /** Keeps the rows; `write` is what sends them. */
  add(entities: readonly object[], write: () => Promise<unknown>): void {
    this.pending.push({ entities, write });
    for (const entity of entities) this.unwritten.add(entity);
  }

  /** Whether the row is still to be inserted: whatever changes on it goes with that. */
  has(entity: object): boolean {
    return this.unwritten.has(entity);
  }

  /** Sends all of them. */
  send(): Promise<unknown>[] {
    if (this.pending.length === 0) return [];
    // Out of the list first: their own statements come by here.
    const all = this.pending;
    this.pending = [];
    return all.map(({ entities, write }) => {
      for (const entity of entities) this.unwritten.delete(entity);
      return write();
    });
  }
}
