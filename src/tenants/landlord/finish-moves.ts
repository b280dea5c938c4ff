import { Injectable, Logger } from '@nestjs/common';
import { WorkUnderWay } from '#libs/database';
import { placeText, TenantMover, TenantMoves, TenantPlaces } from '#libs/tenancy';

/** Does the moves that were written down, or broke off, in a process that has the owner's login. */
@Injectable()
export class FinishMoves {
  private readonly logger = new Logger(FinishMoves.name);

  constructor(
    private readonly moves: TenantMoves,
    private readonly mover: TenantMover,
    private readonly places: TenantPlaces,
  ) {}

  /** One after the other; one that fails does not hold up the others. Gives how many were finished. */
  async execute(): Promise<number> {
    if (!this.places.canMake) return 0;
    let finished = 0;
    for (const tenantId of await this.moves.openTenants()) finished += (await this.finish(tenantId)) ? 1 : 0;
    return finished;
  }

  private async finish(tenantId: string): Promise<boolean> {
    try {
      const { target } = await this.mover.finish(tenantId);
      this.logger.log(`tenant ${tenantId} was moved to ${placeText(target)}`);
      return true;
    } catch (error) {
      if (error instanceof WorkUnderWay) return false;
      this.logger.warn(`the move of tenant ${tenantId} could not be finished: ${String(error)}`);
      return false;
    }
  }
}
