import { Injectable } from '@nestjs/common';
import { currentTenant, runInContext } from '#libs/context';
import { Consistency, UnitOfWork } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { AccessView } from './access-view.js';

/** What was read, and whether by the primary. */
export interface AccessRead<T> {
  readonly found: T;
  readonly isExact: boolean;
}

/**
 * Reads what a credential permits: from the primary, because a replica may not have heard of a revocation. While the
 * primary is away, a replica answers: nothing can be revoked then, and who is signed in goes on reading.
 */
@Injectable()
export class AccessReads {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly view: AccessView,
  ) {}

  async read<T>(work: () => Promise<T>): Promise<AccessRead<T>> {
    if ((await this.view.of(currentTenant())) === undefined) return this.fromReplica(work);
    try {
      return { found: await this.fromPrimary(work), isExact: true };
    } catch (error) {
      if (error instanceof DomainError) throw error;
      return this.fromReplica(work);
    }
  }

  /** In a context of its own: what is seen here says nothing about how fresh the request's own reads must be. */
  private fromPrimary<T>(work: () => Promise<T>): Promise<T> {
    return runInContext({ unitOfWork: undefined, consistency: undefined }, () =>
      this.unitOfWork.read(work, { primary: true }),
    );
  }

  private async fromReplica<T>(work: () => Promise<T>): Promise<AccessRead<T>> {
    const consistency = new Consistency();
    consistency.mayUseReplicas();
    const read = (): Promise<T> => this.unitOfWork.read(work);
    return { found: await runInContext({ unitOfWork: undefined, consistency }, read), isExact: false };
  }
}
