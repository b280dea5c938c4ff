import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SweepSignUps } from '../sweep-sign-ups.js';
import { PeriodicTask } from './periodic-task.js';

const PAUSE_MS = 30_000;

/** Finishes broken-off sign-ups every half minute, in each worker. */
@Injectable()
export class SignUpSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: PeriodicTask;

  constructor(sweep: SweepSignUps) {
    this.task = new PeriodicTask(SignUpSweep.name, PAUSE_MS, () => sweep.execute());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  /** Before the databases close, which happens in onApplicationShutdown. */
  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }
}
