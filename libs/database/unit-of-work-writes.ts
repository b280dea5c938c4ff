import type { WriteRows } from './deferred-updates.js';
import type { LateText } from './late-text.js';
import { anySession, letRun, requireSession } from './open-session.js';
import { UnitOfWorkMemory } from './unit-of-work-memory.js';

/** Writes of the open unit of work that nobody waits for: sent at once, later, or with COMMIT. */
export abstract class UnitOfWorkWrites extends UnitOfWorkMemory {
  /**
   * Lets writes whose answers nobody needs run on while the work goes on: what follows on this connection is carried out after
   * them. Their statements must have been sent: COMMIT follows without waiting for the answers, since the server refuses it when
   * one of them has failed. What that one threw leaves the outermost `run`.
   */
  inBackground(writes: Promise<unknown>): void {
    // Before anything is thrown here: a failure that nobody looks at would end the process.
    writes.catch(() => undefined);
    letRun(requireSession().sent, [writes]);
  }

  /**
   * Like {@link inBackground}, for writes that change rows which others change as well: where a unit of work goes before this one,
   * they are sent when that has its locks. Until then this one does not find them either.
   */
  inTurn(write: () => Promise<unknown>): void {
    requireSession().sendInTurn(write);
  }

  /** Like {@link inBackground}, for writes of which a caller looks at the answer: nothing is committed before all have succeeded. */
  beforeCommit(writes: Promise<unknown>): void {
    writes.catch(() => undefined);
    letRun(requireSession().running, [writes]);
  }

  /**
   * Writes rows before the commit, or earlier when a statement names their table: a row that is changed several times in one
   * unit of work is written once. Only for rows that it holds locked or has inserted. What `write` throws leaves the
   * outermost `run`.
   * @returns those that were not waiting to be written already
   */
  defer<E extends object>(table: string, entities: readonly E[], write: WriteRows<E>): E[] {
    const { inserts, deferred } = requireSession();
    const written = entities.filter((entity) => !inserts.has(entity));
    return written.length === 0 ? [] : deferred.add(table, written, write);
  }

  /**
   * Inserts rows with the next statement, whatever it is, or with the commit, and with what they say then: what changes on them
   * until that moment needs no update. What `write` throws leaves the outermost `run`.
   */
  deferInsert(entities: readonly object[], write: () => Promise<unknown>): void {
    requireSession().inserts.add(entities, write);
  }

  /**
   * One more statement, sent together with COMMIT: it costs no round trip of its own. When it fails, nothing is committed, and
   * what it throws leaves the outermost `run`.
   */
  lastly(sql: string, parameters: readonly unknown[] = []): void {
    anySession().last.push({ sql, parameters });
  }

  /** Whether the outermost `run` puts late texts in the place of their placeholders. */
  get takesLateTexts(): boolean {
    return anySession().takesLateTexts;
  }

  /** Announces a text that is known after the commit. Only where the unit of work {@link takesLateTexts}. */
  promiseText(late: LateText): void {
    requireSession().lateTexts.push(late);
  }

  /** What was announced so far in this unit of work. */
  get lateTexts(): readonly LateText[] {
    return anySession().lateTexts;
  }

  /** Sends inserts that wait, so that what is sent next finds their rows. */
  sendInserts(): void {
    const session = requireSession();
    letRun(session.sent, session.inserts.send());
  }

  /**
   * For statements that lock rows without saying `for update`, or rely on locks, where a unit of work goes before this one: waits for
   * its locks, and locks what has been presumed. Undefined where there is nothing to wait for.
   */
  takeTurn(): Promise<void> | undefined {
    const { turn, presumptions } = requireSession();
    return turn?.then(() => presumptions.ask());
  }

  /** Sends all that is deferred, so that it does not come behind a lock that others wait for. */
  sendDeferred(): void {
    requireSession().sendAll();
  }
}
