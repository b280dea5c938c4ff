import { Logger } from '@nestjs/common';

/** Work that is repeated for as long as the process runs: one run at a time, a pause after each. */
export class PeriodicTask {
  private readonly logger: Logger;
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  /**
   * @param name for the log
   * @param pauseMs from the end of one run to the start of the next, so that runs never overlap
   * @param work a run that fails is logged and repeated after the pause
   */
  constructor(
    name: string,
    private readonly pauseMs: number,
    private readonly work: () => Promise<unknown>,
  ) {
    this.logger = new Logger(name);
  }

  /** The first run starts after one pause. */
  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, this.pauseMs);
  }

  /** No further run starts; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.logger.error(error);
    }
    this.start();
  }
}
