import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { TenantPlaces } from '#libs/tenancy';
import { SweepSignUps } from '../sweep-sign-ups.js';
import { PeriodicTask } from './periodic-task.js';

const PAUSE_MS = 30_000;

/** Somebody waits for the schema or database of a new tenant. */
const PAUSE_OF_MAKERS_MS = 1_000;

/** Finishes broken-off sign-ups every half minute, in each worker; sooner in one that makes places of tenants. */
@Injectable()
export class SignUpSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: PeriodicTask;

  constructor(sweep: SweepSignUps, places: TenantPlaces) {
    const pauseMs = places.canMake ? PAUSE_OF_MAKERS_MS : PAUSE_MS;
    this.task = new PeriodicTask(SignUpSweep.name, pauseMs, () => sweep.execute());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  /** Before the databases close, which happens in onApplicationShutdown. */
  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }
}
