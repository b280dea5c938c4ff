import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { TenantPlaces } from '#libs/tenancy';
import { PeriodicTask } from '../../sign-up/jobs/periodic-task.js';
import { FinishMoves } from '../finish-moves.js';

const PAUSE_MS = 5_000;

/** Does moves of tenants, in workers that have the owner's login. In others it never starts. */
@Injectable()
export class TenantMoveSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: PeriodicTask;

  constructor(
    finishMoves: FinishMoves,
    private readonly places: TenantPlaces,
  ) {
    this.task = new PeriodicTask(TenantMoveSweep.name, PAUSE_MS, () => finishMoves.execute());
  }

  onApplicationBootstrap(): void {
    if (this.places.canMake) this.task.start();
  }

  /** Before the databases close. A move under way stops at the step it is at, and is taken up from there. */
  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }
}
