import { Injectable } from '@nestjs/common';
import { QueueClients } from '#libs/queues';
import { type CheckResult, ReadinessCheck } from '../readiness-check.js';

/** More jobs than this on one queue, ready and not taken, are too many (source 2, section 10). */
export const WAITING_MAX = 1_000;

/** The queues can be reached; degraded when one of them is long. */
@Injectable()
export class QueueCheck extends ReadinessCheck {
  override readonly name = 'queue';

  constructor(private readonly queues: QueueClients) {
    super();
  }

  override async check(): Promise<CheckResult> {
    const depths = Object.entries(await this.queues.depths());
    return {
      degraded: depths.some(([, { waiting }]) => waiting > WAITING_MAX),
      details: Object.fromEntries(
        depths.map(([name, { waiting, active, delayed }]) => [name, { waiting, active, delayed }]),
      ),
    };
  }
}
