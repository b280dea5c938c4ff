import { Foresight, Misforeseen, type Predecessor } from '#libs/database';

/** What a unit of work is given when it is its turn. */
export interface Turn {
  /** To be called when nothing of it waits for this process any more, while it is not committed yet. */
  readonly sent: () => void;
  /** To be called when all that it locks is locked and COMMIT is on its way. */
  readonly committing: () => void;
  /** Undefined when it has ended and nothing is foreseen. */
  readonly predecessor: Predecessor | undefined;
}

/** Units of work that are under way at the same time: one that the database carries out, one that is prepared. */
export const UNDER_WAY_MAX = 2;

/**
 * How many are done without foresight after one that was misled: others are writing as well. Twice as many when that happens again
 * before as many have gone well with it.
 */
const BLIND_FIRST = 64;
const BLIND_MAX = 4_096;

/**
 * Units of work one behind the other, the next ones of which are prepared and begun while the database still carries out the one
 * before: process and database work at the same time. Each foresees what the one before it leaves, and locks nothing before that
 * has its locks, so that rows which both change are changed in order.
 */
export class InOrder {
  private readonly foresight = new Foresight();
  /** The ends of those under way, the oldest first. */
  private readonly ends: Promise<void>[] = [];
  private latestSent = Promise.resolve();
  private latestLocked = Promise.resolve();
  /** How many are still to be done without foresight, of how many, and how many were begun with it since. */
  private blind = 0;
  private blindOf = 0;
  private foreseeing = 0;

  /**
   * Begins `work` when it may begin, and once more, when the one before it has ended, if it was misled about what that leaves. Then
   * somebody else is writing the same: the next ones foresee nothing, and begin when COMMIT of the one before is on its way.
   * @param options.alone it reads what those before it have written: it waits for their end
   * @throws what earlier work threw: then this one is not begun
   */
  async begin(work: (turn: Turn) => Promise<void>, { alone }: { readonly alone: boolean }): Promise<void> {
    await this.untilUnderWay(alone ? 0 : UNDER_WAY_MAX - 1);
    await this.latestSent;
    // What happened meanwhile counts.
    if (this.blind === 0) {
      this.foreseeing += 1;
      return this.start(work, { foresight: this.foresight, locked: this.latestLocked });
    }
    await this.latestLocked;
    this.blind -= 1;
    // What this one changes it does not tell: nothing that was remembered holds for those after it.
    this.foresight.forget();
    this.start(work, undefined);
  }

  /** One was misled. One that was begun before, and is misled by the same, changes nothing. */
  private pause(): void {
    if (this.blind > 0) return;
    const heldLong = this.foreseeing > this.blindOf;
    this.blindOf = heldLong ? BLIND_FIRST : Math.min(2 * this.blindOf, BLIND_MAX);
    this.blind = this.blindOf;
    this.foreseeing = 0;
  }

  private async untilUnderWay(count: number): Promise<void> {
    while (this.ends.length > count) {
      await this.ends[0];
      void this.ends.shift();
    }
  }

  /** Waits for all that is under way. @throws what it threw */
  async end(): Promise<void> {
    await Promise.allSettled(this.ends);
    await Promise.all(this.ends);
  }

  private start(work: (turn: Turn) => Promise<void>, predecessor: Predecessor | undefined): void {
    const { promise: prepared, resolve: sent } = Promise.withResolvers<void>();
    const { promise: holding, resolve: committing } = Promise.withResolvers<void>();
    const ended = this.ends.at(-1);
    const done = work({ sent, committing, predecessor }).catch(async (error: unknown) => {
      if (!(error instanceof Misforeseen)) throw error;
      this.pause();
      await ended;
      await work({ sent, committing, predecessor: undefined });
      // The one after it may have remembered what came of the first attempt.
      this.foresight.forget();
    });
    this.ends.push(done);
    this.latestSent = Promise.race([prepared, done]);
    this.latestLocked = Promise.race([holding, done]);
    // Whoever awaits them is told; they may fail before anybody does.
    for (const promise of [done, this.latestSent, this.latestLocked]) promise.catch(() => undefined);
  }
}
