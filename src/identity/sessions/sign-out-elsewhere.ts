import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { EndSessions } from './end-sessions.js';
import { OpenSessions } from './open-sessions.repository.js';
import { SessionNotFound } from './session.errors.js';
import { sessionPolicy } from './session.policy.js';

/** Ends sessions of the caller's other than the one that asks: the lost telephone, the café's computer. */
@Injectable()
export class SignOutElsewhere {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: OpenSessions,
    private readonly endSessions: EndSessions,
  ) {}

  /** One of them; it may be the caller's own. Again changes nothing. @throws SessionNotFound also for somebody else's */
  async one(id: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const session = await this.sessions.get(id);
      sessionPolicy.require(currentPrincipal(), session, () => new SessionNotFound(id));
      await this.endSessions.one(session.userId, id, 'signed_out_elsewhere');
    });
  }

  /** All but the one that asks. */
  async all(): Promise<void> {
    const { id, sessionId } = currentPrincipal();
    await this.endSessions.allOf(id, 'signed_out_elsewhere', sessionId);
  }
}
