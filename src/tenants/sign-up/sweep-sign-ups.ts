import { Injectable, Logger } from '@nestjs/common';
import { TenantPlaces } from '#libs/tenancy';
import { FinishSignUp } from './finish-sign-up.js';
import { SignUps } from './sign-ups.repository.js';

/** A sign-up is left alone this long after each attempt; seconds. */
const REST_S = 60;

/** A sign-up that keeps failing is given up after this; seconds. */
const LIFE_S = 24 * 3_600;

/** What one sweep did. */
export interface SweepReport {
  readonly finished: number;
  readonly failed: number;
  readonly discarded: number;
}

/** Finishes sign-ups that broke off between the landlord and the tenant's database, and gives up on hopeless ones. */
@Injectable()
export class SweepSignUps {
  private readonly logger = new Logger(SweepSignUps.name);

  constructor(
    private readonly signUps: SignUps,
    private readonly finish: FinishSignUp,
    private readonly places: TenantPlaces,
  ) {}

  /** Several sweepers at once do no harm. One sign-up that fails does not hold up the others. */
  async execute(): Promise<SweepReport> {
    const report = { finished: 0, failed: 0, discarded: 0 };
    for (const { tenantId, expired } of await this.signUps.due(REST_S, LIFE_S, this.places.canMake)) {
      report[await this.continue(tenantId, expired)] += 1;
    }
    return report;
  }

  private async continue(tenantId: string, expired: boolean): Promise<keyof SweepReport> {
    try {
      const open = await this.signUps.attempt(tenantId);
      if (open) await this.finish.execute(open);
      return 'finished';
    } catch (error) {
      this.logger.warn(`the sign-up of tenant ${tenantId} could not be finished: ${String(error)}`);
      if (!expired) return 'failed';
      await this.signUps.discard(tenantId);
      return 'discarded';
    }
  }
}
