import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import type { FactorState } from './factor-state.js';
import { SecondFactors } from './second-factors.repository.js';

/** Reads of the caller's second factor. */
@Injectable()
export class SecondFactorQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly factors: SecondFactors,
  ) {}

  /** Undefined when the caller has none that works. */
  async own(): Promise<FactorState | undefined> {
    return this.unitOfWork.read(() => this.factors.stateOf(currentPrincipal().id));
  }
}
