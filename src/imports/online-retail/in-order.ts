interface Begun {
  /** All of it is on its way to the database, or it has ended. */
  readonly sent: Promise<void>;
  readonly done: Promise<void>;
}

const NOTHING: Begun = { sent: Promise.resolve(), done: Promise.resolve() };

/**
 * Units of work one behind the other, the next one of which is prepared while the database still carries out the one before:
 * process and database work at the same time. Two are under way at most. The later one waits for the rows that the earlier one
 * has locked, so that rows which both change are changed in order.
 */
export class InOrder {
  private before = NOTHING;
  private latest = NOTHING;

  /**
   * Begins `work` when it may begin.
   * @param work calls `sent` when nothing of it waits for this process any more
   * @param options.alone it reads what those before it have written, without locking it: it waits for their end
   * @throws what earlier work threw: then this one is not begun
   */
  async begin(work: (sent: () => void) => Promise<void>, { alone }: { readonly alone: boolean }): Promise<void> {
    await this.before.done;
    await (alone ? this.latest.done : this.latest.sent);
    this.before = this.latest;
    this.latest = begin(work);
  }

  /** Waits for all that is under way. @throws what it threw */
  async end(): Promise<void> {
    await Promise.allSettled([this.before.done, this.latest.done]);
    await Promise.all([this.before.done, this.latest.done]);
  }
}

function begin(work: (sent: () => void) => Promise<void>): Begun {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = work(resolve);
  const sent = Promise.race([promise, done]);
  // Whoever awaits them is told; they may fail before anybody does.
  done.catch(() => undefined);
  sent.catch(() => undefined);
  return { sent, done };
}
