import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';

/** What a {@link PollingLoop} does and how often. */
export interface PollingLoopOptions {
  /** For the log. */
  readonly name: string;
  /** One round. True when there is more to do at once. */
  readonly round: () => Promise<boolean>;
  /** Pause after a round that left nothing to do, give or take a fifth. */
  readonly intervalMs: number;
  readonly logger: Logger;
}

/** Longest pause after failed rounds; milliseconds. */
const FAILURE_PAUSE_MAX_MS = 2_000;

const LOG_EVERY = 15;

/** Runs rounds one after the other until it is stopped. A failed round is logged and tried again, ever more slowly. */
export class PollingLoop {
  private readonly stopping = new AbortController();
  private running?: Promise<void>;

  constructor(private readonly options: PollingLoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Lets the running round end; resolves when it has. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      try {
        const more = await this.options.round();
        failures = 0;
        if (!more) await this.pause(this.options.intervalMs);
      } catch (error) {
        // The first one, and then about twice a minute.
        if (failures % LOG_EVERY === 0) this.options.logger.warn(`${this.options.name}: ${reasonOf(error)}`);
        failures++;
        await this.pause(Math.min(FAILURE_PAUSE_MAX_MS, 100 * 2 ** Math.min(failures, 5)));
      }
    }
  }

  private async pause(durationMs: number): Promise<void> {
    // Several workers that wake in step would all find the same rows locked.
    try {
      await sleep(durationMs * (0.8 + 0.4 * Math.random()), undefined, { signal: this.stopping.signal });
    } catch (error) {
      if (!this.stopping.signal.aborted) throw error;
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
