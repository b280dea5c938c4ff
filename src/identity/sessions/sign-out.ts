import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { SessionCache } from './session-cache.js';
import { Sessions } from './sessions.repository.js';

/** Ends the session that the caller calls with: its access and refresh tokens are void at once, on every node. */
@Injectable()
export class SignOut {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly cache: SessionCache,
  ) {}

  async execute(): Promise<void> {
    const { id, sessionId } = currentPrincipal();
    if (sessionId === undefined) return;
    await this.unitOfWork.run(async () => {
      await this.sessions.revoke(sessionId, 'signed_out');
      this.cache.forgetUserAfterCommit(id);
    });
  }
}
