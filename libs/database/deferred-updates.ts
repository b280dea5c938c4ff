/** Writes rows of one table in one statement. */
export type WriteRows<E> = (entities: readonly E[]) => Promise<unknown>;

interface Pending {
  readonly entities: Set<object>;
  readonly write: WriteRows<object>;
}

/**
 * Updates of one unit of work that are not sent yet. A row that several verbs change in turn (reserved, then shipped, then
 * invoiced) is written once, in the state it ends in. What is pending is sent before any statement that names its table, and
 * before the commit, so that no statement ever sees a row as it was.
 */
export class DeferredUpdates {
  private readonly pending = new Map<string, Pending>();

  /** Keeps the rows; `write` is what sends them. Gives those that were not kept yet. */
  add<E extends object>(table: string, entities: readonly E[], write: WriteRows<E>): E[] {
    let pending = this.pending.get(table);
    if (!pending) {
      pending = { entities: new Set(), write: write as WriteRows<object> };
      this.pending.set(table, pending);
    }
    const kept = pending.entities;
    const added = entities.filter((entity) => !kept.has(entity));
    for (const entity of added) kept.add(entity);
    return added;
  }

  /** Tables of which the statement might see rows, or change them itself. */
  tablesIn(sql: string): string[] {
    if (this.pending.size === 0) return [];
    return [...this.pending.keys()].filter((table) => sql.includes(table));
  }

  /** Sends the rows of these tables; default: everything. Statements leave at once and in order. */
  send(tables: readonly string[] = [...this.pending.keys()]): Promise<unknown>[] {
    return tables.flatMap((table) => {
      const pending = this.pending.get(table);
      if (!pending) return [];
      // Out of the list first: the statement that writes them names the table too.
      this.pending.delete(table);
      return [pending.write([...pending.entities])];
    });
  }
}
