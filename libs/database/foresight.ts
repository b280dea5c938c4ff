import { isDeepStrictEqual } from 'node:util';

/** Entries above which all is forgotten: what is asked for next is then waited for again. */
const ENTRIES_MAX = 50_000;

/**
 * What units of work that follow each other in one process leave behind for the next one: rows that both lock, numbers that
 * both take. The next one goes on with that while the database still carries out the one before, takes the locks last of
 * all, and commits only when they show the same ({@link Misforeseen}). What is remembered may be wrong or missing at any time.
 */
export class Foresight {
  private readonly left = new Map<string, unknown>();

  /** What the latest unit of work leaves under `key`; undefined when that is not known. */
  get(key: string): unknown {
    return this.left.get(key);
  }

  /** @param leaving what the next one will find, by key */
  leave(leaving: ReadonlyMap<string, () => unknown>): void {
    if (this.left.size + leaving.size > ENTRIES_MAX) this.forget();
    for (const [key, value] of leaving) this.left.set(key, value());
  }

  /** A unit of work that has said what it leaves has failed, or another one has written: what is remembered is worth nothing. */
  forget(): void {
    this.left.clear();
  }
}

/** The unit of work before another one of the same process. */
export interface Predecessor {
  /** What it leaves. */
  readonly foresight: Foresight;
  /**
   * All that it locks is locked and COMMIT is on its way, or it has ended, done again if need be. Nothing is locked before, so that
   * what both change is changed in order. Waited for only as long as PostgreSQL waits before it looks for a deadlock; it would not
   * see this one: somebody else waits for a row that was inserted with a number foreseen, and has what the one before waits for.
   */
  readonly locked: Promise<void>;
}

const TURN_WAIT_MAX_MS = 1_000;

/** Resolves when it is the turn of the unit of work behind `predecessor`. @throws Misforeseen when it does not come */
export function turnAfter({ locked }: Predecessor): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Misforeseen()), TURN_WAIT_MAX_MS);
  const turn = Promise.race([locked, late]).finally(() => clearTimeout(timer));
  // Whoever waits for it is told.
  turn.catch(() => undefined);
  return turn;
}

/** Something was foreseen that is not so, or failed before that was known: nothing is committed. Do it again, without foresight. */
export class Misforeseen extends Error {
  override readonly name = 'Misforeseen';
  constructor(options?: ErrorOptions) {
    super('unit_of_work.misforeseen: rows or numbers may not be as the unit of work before was to leave them', options);
  }
}

/** What one unit of work has taken for granted and has yet to see confirmed. */
export class Presumptions {
  private waiting: (() => Promise<void>)[] = [];
  private readonly asked: Promise<void>[] = [];
  private open = 0;

  /** @param ask the statement that tells, and locks */
  add(foreseen: unknown, ask: () => Promise<unknown>): void {
    this.open += 1;
    this.waiting.push(async () => {
      if (!isDeepStrictEqual(await ask(), foreseen)) throw new Misforeseen();
      this.open -= 1;
    });
  }

  /** Sends what has not been asked yet, in order. */
  ask(): void {
    const asked = this.waiting.splice(0).map((ask) => ask());
    for (const one of asked) one.catch(() => undefined);
    this.asked.push(...asked);
  }

  /** @throws Misforeseen */
  async confirmed(): Promise<void> {
    await Promise.all(this.asked);
  }

  /** Whether all that was taken for granted is known to be so. */
  get areConfirmed(): boolean {
    return this.open === 0;
  }
}
