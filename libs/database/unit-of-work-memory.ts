import { openSession, requireSession } from './open-session.js';

/** What the open unit of work knows without asking the database: rows that it holds, what it has read ahead, what it has inserted. */
export abstract class UnitOfWorkMemory {
  /**
   * What was put here by {@link hold} in this unit of work. For rows that it has locked or just inserted: nobody else can
   * change them before it ends, so they need not be read again.
   */
  held<T>(key: string): T | undefined {
    return requireSession().held.get(key) as T | undefined;
  }

  /** Keeps a row that is locked, or was just inserted, for later verbs of this unit of work. */
  hold(key: string, value: object): void {
    requireSession().held.set(key, value);
  }

  /** Forgets a row that SQL has changed past its object. */
  letGo(key: string): void {
    requireSession().held.delete(key);
  }

  /**
   * Reads once for the whole unit of work what may be as it was at any moment of it, so that it can be asked for before it is
   * needed, in the round trip of other reads.
   */
  once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const session = openSession();
    if (!session?.transaction) return read();
    const known = session.held.get(key) as Promise<T> | undefined;
    if (known) return known;
    const reading = read();
    // Who asked ahead does not wait for it; who needs it does.
    reading.catch(() => undefined);
    session.held.set(key, reading);
    return reading;
  }

  /** What the unit of work before this one leaves under `key`; undefined where that is not known. */
  foreseen<T>(key: string): T | undefined {
    return requireSession().predecessor?.foresight.get(key) as T | undefined;
  }

  /**
   * Goes on with what is foreseen. The statement that locks the rows is sent as late as possible: before others are locked, or
   * these are written, or at the end; nothing is committed before it has been answered, nor when it gives something else.
   */
  presume<R>(foreseen: R[], sql: string, parameters: readonly unknown[]): R[] {
    const { presumptions, transaction } = requireSession();
    presumptions.add(foreseen, () => transaction.query<R>(sql, parameters));
    return foreseen;
  }

  /** Says what the unit of work after this one will find under `key`; `value` is asked when the work is done, and may not change after. */
  leave(key: string, value: () => unknown): void {
    const { predecessor, leaving } = requireSession();
    if (predecessor) leaving.set(key, value);
  }

  /** Whether the row was inserted in this unit of work: what refers to it can only have come from here as well. */
  isBornHere(id: string): boolean {
    return openSession()?.born.has(id) ?? false;
  }

  /** Says that rows with these ids are inserted in this unit of work. */
  born(ids: Iterable<string>): void {
    const { born } = requireSession();
    for (const id of ids) born.add(id);
  }
}
