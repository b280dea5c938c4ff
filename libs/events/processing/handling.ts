import type { QueuePolicy } from '#libs/queues';
import { ConsumerInterrupted, ConsumerTimeout } from './delivery.errors.js';

/** One run of a consumer: its signal, and the end of it when time is up. */
export class Handling {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param outer aborts when the worker shuts down */
  constructor(
    private readonly consumer: string,
    policy: QueuePolicy,
    private readonly outer: AbortSignal | undefined,
  ) {
    this.timer = setTimeout(() => this.abort(new ConsumerTimeout(consumer, policy.timeoutMs)), policy.timeoutMs);
    if (outer?.aborted) this.onOuterAbort();
    outer?.addEventListener('abort', this.onOuterAbort);
  }

  /** Aborted with a {@link ConsumerTimeout} or {@link ConsumerInterrupted}. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the run from here: the hold of the work is lost. */
  interrupt(reason: string): void {
    this.abort(new ConsumerInterrupted(this.consumer, reason));
  }

  /**
   * Runs `work`, and stops waiting for it when the signal is aborted. Work that does not listen to the signal runs on,
   * but its unit of work is closed to it.
   */
  async run(work: () => Promise<void>): Promise<void> {
    const { signal } = this;
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason as Error);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    // Whoever loses the race must not end the process as an unhandled rejection.
    aborted.catch(() => undefined);
    signal.throwIfAborted();
    await Promise.race([work(), aborted]);
  }

  /** Always call it: stops the timer. */
  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.onOuterAbort);
  }

  private readonly onOuterAbort = (): void => {
    this.interrupt(String(this.outer?.reason ?? 'the worker stops'));
  };

  private abort(reason: Error): void {
    this.controller.abort(reason);
  }
}
