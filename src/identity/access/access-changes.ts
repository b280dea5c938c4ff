import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { EVERYBODY, scopeOfUser } from './access-cache.js';
import { AccessChangeRows } from './access-changes.repository.js';
import { AccessStore } from './access-store.js';
import { AccessView } from './access-view.js';
import { InBackground } from './in-background.js';

/** One change in so many clears up behind the others. */
const PURGE_EVERY = 20;

/**
 * Whoever ends a session, disables somebody or changes what they may do says so here, in the same unit of work. From
 * its commit on, this node answers by the new state, and so do the others: at once through Redis, within half a second
 * without.
 */
@Injectable()
export class AccessChanges {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rows: AccessChangeRows,
    private readonly store: AccessStore,
    private readonly view: AccessView,
    private readonly background: InBackground,
  ) {}

  /** The sessions, keys or permissions of a user have changed. `scopes`: stamps of credentials to void besides. */
  async ofUser(userId: string, scopes: readonly string[] = []): Promise<void> {
    await this.record(userId, [scopeOfUser(userId), ...scopes]);
  }

  /** What a role permits has changed. */
  async ofEverybody(): Promise<void> {
    await this.record(null, [EVERYBODY]);
  }

  private async record(userId: string | null, scopes: readonly string[]): Promise<void> {
    const tenantId = currentTenant().id;
    await this.rows.add(userId);
    this.unitOfWork.afterCommit(async () => {
      this.view.forget(tenantId);
      await this.store.countUp(tenantId, scopes);
      if (Math.random() < 1 / PURGE_EVERY) this.background.run('purge', () => this.rows.purge());
    });
  }
}
