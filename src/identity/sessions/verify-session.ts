import { Injectable } from '@nestjs/common';
import { type AccessClaims, SessionVerifier } from '#libs/auth';
import { AppConfig } from '#libs/config';
import type { Principal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { PERMISSION_NAMES } from '../roles/permissions.js';
import { SessionEnded } from './session.errors.js';
import { type CachedSession, SessionCache } from './session-cache.js';
import { Sessions } from './sessions.repository.js';

/** Tells who calls, for every request that is not public: from Redis when it knows, from PostgreSQL otherwise. */
@Injectable()
export class VerifySession extends SessionVerifier {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly cache: SessionCache,
    private readonly config: AppConfig,
  ) {
    super();
  }

  /** @throws SessionEnded */
  override async verify({ userId, sessionId }: AccessClaims): Promise<Principal> {
    const session = await this.cache.through(userId, sessionId, () => this.load(userId, sessionId));
    if (!session) throw new SessionEnded();
    return { kind: 'user', id: userId, sessionId, email: session.email, permissions: new Set(session.permissions) };
  }

  private async load(userId: string, sessionId: string): Promise<CachedSession | undefined> {
    const { sessionLifetimeMin } = this.config.auth;
    const live = await this.unitOfWork.read(() => this.sessions.findLive(sessionId, sessionLifetimeMin));
    if (!live || live.userId !== userId) return undefined;
    if (live.unseen) await this.unitOfWork.run(() => this.sessions.touch(sessionId));
    return { email: live.email, permissions: live.isOwner ? PERMISSION_NAMES : live.permissions };
  }
}
