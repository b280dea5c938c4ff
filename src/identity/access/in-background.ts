import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { currentTenant, runInContext } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { logger } from '#libs/telemetry';

/** More at once are left out: they come again. */
const RUNNING_MAX = 32;

/** Small writes that no request waits for or fails of: when a session was last seen, what may be forgotten. */
@Injectable()
export class InBackground implements OnModuleDestroy {
  private readonly running = new Map<string, Promise<void>>();

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Runs `work` in a unit of work of its own for the current tenant. `name`: the same is not run twice at a time. */
  run(name: string, work: () => Promise<void>): void {
    const key = `${currentTenant().id}:${name}`;
    if (this.running.size >= RUNNING_MAX || this.running.has(key)) return;
    const done = runInContext({ unitOfWork: undefined, consistency: undefined }, () => this.unitOfWork.run(work))
      .catch((error: unknown) =>
        logger().warn({ err: error, work: name.split(':')[0] }, 'work in the background failed'),
      )
      .finally(() => this.running.delete(key));
    this.running.set(key, done);
  }

  /** What has begun is finished before connections close. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.running.values());
  }
}
