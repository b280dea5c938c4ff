import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { AccessChanges } from '../access/access-changes.js';
import { type RevocationReason, Sessions } from './sessions.repository.js';

/** Ends sessions of a user, in the unit of work that is open or in one of its own. They are void on all nodes at once. */
@Injectable()
export class EndSessions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly changes: AccessChanges,
  ) {}

  /** All of them, or all but one. */
  async allOf(userId: string, reason: RevocationReason, exceptId?: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      await this.sessions.revokeAllOf(userId, reason, exceptId);
      await this.changes.ofUser(userId);
    });
  }

  /** One of them; false when the user has no such session that is open. */
  async one(userId: string, sessionId: string, reason: RevocationReason): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      const ended = await this.sessions.revoke(userId, sessionId, reason);
      if (ended) await this.changes.ofUser(userId);
      return ended;
    });
  }
}
