import { Injectable } from '@nestjs/common';
import { newOpaqueToken } from '#libs/auth';
import { AppConfig } from '#libs/config';
import { UnitOfWork } from '#libs/database';
import { CredentialsRefused } from './session.errors.js';
import { type SessionTokens, TokenPairs } from './session-tokens.js';
import { Sessions } from './sessions.repository.js';

/** Where a session is opened from; for the user's own list of sessions, and for the auditor. */
export interface SessionClient {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Somebody who has proved who they are. */
export interface Authenticated {
  readonly userId: string;
  /** How (RFC 8176): `['pwd']`, `['pwd', 'otp']`, `['fed']`. */
  readonly amr: readonly string[];
  /** The hash that a password matched: if it is no longer the user's, no session is opened. */
  readonly passwordHash?: string;
  readonly client: SessionClient;
}

/** Opens a session for somebody who has proved who they are: all ways of signing in end here. */
@Injectable()
export class StartSession {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly tokens: TokenPairs,
    private readonly config: AppConfig,
  ) {}

  /** @throws CredentialsRefused when the user is disabled, or their password has changed meanwhile */
  async execute({ userId, amr, passwordHash, client }: Authenticated): Promise<SessionTokens> {
    const refresh = newOpaqueToken();
    const lifeS = this.config.auth.refreshTtlS;
    const session = { userId, amr, passwordHash, refreshTokenHash: refresh.hash, lifeS, ...client };
    const sessionId = await this.unitOfWork.run(async () => {
      await this.sessions.purge(userId);
      return this.sessions.open(session);
    });
    if (sessionId === undefined) throw new CredentialsRefused();
    return this.tokens.of(userId, sessionId, refresh.token);
  }
}
