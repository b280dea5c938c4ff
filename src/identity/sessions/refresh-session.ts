import { Injectable } from '@nestjs/common';
import { hashOpaqueToken, newOpaqueToken, type OpaqueToken } from '#libs/auth';
import { AppConfig } from '#libs/config';
import { UnitOfWork } from '#libs/database';
import { EndSessions } from './end-sessions.js';
import { RefreshRefused } from './session.errors.js';
import { type SessionTokens, TokenPairs } from './session-tokens.js';
import { type FoundToken, Sessions } from './sessions.repository.js';

/**
 * Changes a refresh token into the next pair of tokens. A token that comes a second time is in two hands, and nobody
 * can tell which is the thief's: the whole session ends (RFC 9700, 4.14.2). That is strict on purpose: a client that
 * sends one token twice at once gets one answer with tokens and loses the session. Refresh one at a time.
 */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly endSessions: EndSessions,
    private readonly tokens: TokenPairs,
    private readonly config: AppConfig,
  ) {}

  /** @throws RefreshRefused */
  async execute(refreshToken: string): Promise<SessionTokens> {
    const next = newOpaqueToken();
    const found = await this.unitOfWork.run(() => this.exchange(hashOpaqueToken(refreshToken), next));
    // Thrown out here, so that the revocation of a reused token's session is committed.
    if (!found) throw new RefreshRefused();
    return this.tokens.of(found.userId, found.sessionId, next.token);
  }

  private async exchange(hash: string, next: OpaqueToken): Promise<FoundToken | undefined> {
    const found = await this.sessions.lockToken(hash, this.config.auth.sessionLifetimeMin);
    if (!found) return undefined;
    if (found.used) {
      await this.endSessions.one(found.userId, found.sessionId, 'token_reused');
      return undefined;
    }
    if (!found.alive) return undefined;
    await this.sessions.rotate(found, next.hash);
    return found;
  }
}
