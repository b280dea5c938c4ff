import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';

/** For BullMQ to say goodbye to Redis after the last job; milliseconds. */
const GOODBYE_MS = 3_000;

const POLL_MS = 50;

/**
 * A worker that can be stopped while Redis is away. BullMQ's own `close()` then waits for ever: for a connection to
 * end that has none, and for a command that nobody answers.
 */
export class DrainingWorker extends Worker {
  private draining?: Promise<void>;

  /** Takes no more jobs, waits for the running ones, and closes the connections, by force if Redis does not answer. */
  override close(force = false): Promise<void> {
    this.draining ??= this.drain(force);
    return this.draining;
  }

  private async drain(force: boolean): Promise<void> {
    const closed = super.close(force).then(() => true);
    const gaveUp = new AbortController();
    const inTime = await Promise.race([closed, this.goodbye(gaveUp.signal)]);
    gaveUp.abort();
    if (inTime) return;
    await this.lockManager.close();
    await this.backend.close(true);
  }

  private async goodbye(signal: AbortSignal): Promise<boolean> {
    // A job is tracked until its processor has ended; what then remains to be done is Redis' part.
    while (this.lockManager.getActiveJobCount() > 0) await sleep(POLL_MS);
    await sleep(GOODBYE_MS, undefined, { signal }).catch(() => undefined);
    return false;
  }
}
