import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PollingLoop } from '#libs/events';
import { PruneAnswers } from './prune-answers.js';

const PAUSE_MS = 60_000;

/** Prunes in each worker once a minute, batch after batch while there are full ones. */
@Injectable()
export class PruningLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: PollingLoop;

  constructor(prune: PruneAnswers) {
    this.loop = new PollingLoop({
      name: 'idempotent answers',
      round: async () => (await prune.execute()).more,
      intervalMs: PAUSE_MS,
      logger: new Logger(PruningLoop.name),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }
}
