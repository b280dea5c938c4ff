import { Injectable } from '@nestjs/common';
import { newOpaqueToken, PasswordHasher } from '#libs/auth';
import { AppConfig } from '#libs/config';
import { UnitOfWork } from '#libs/database';
import { Users } from '../users/users.repository.js';
import { CredentialsRefused } from './session.errors.js';
import { type SessionTokens, TokenPairs } from './session-tokens.js';
import { Sessions } from './sessions.repository.js';

/** What somebody who signs in brings; address and user agent are for the auditor. */
export interface SignInRequest {
  readonly email: string;
  readonly password: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Opens a session for e-mail and password. */
@Injectable()
export class SignIn {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly passwords: PasswordHasher,
    private readonly tokens: TokenPairs,
    private readonly config: AppConfig,
  ) {}

  /**
   * Takes the same way, and as long, whether the user is unknown, disabled or mistyped the password.
   * @throws CredentialsRefused
   */
  async execute({ email, password, ip, userAgent }: SignInRequest): Promise<SessionTokens> {
    const user = await this.unitOfWork.read(() => this.users.credentialsOf(email));
    // Outside the unit of work: verifying takes tens of milliseconds by design, and must not hold a connection.
    const matches = await this.passwords.verify(user?.passwordHash, password);
    if (!user?.isActive || !matches) throw new CredentialsRefused();
    const { id: userId, passwordHash } = user;
    const refresh = newOpaqueToken();
    const lifeS = this.config.auth.refreshTtlS;
    const sessionId = await this.unitOfWork.run(async () => {
      await this.sessions.purge(userId);
      return this.sessions.open({ userId, passwordHash, refreshTokenHash: refresh.hash, lifeS, ip, userAgent });
    });
    // Undefined when the user was disabled, or got another password, while this one was being verified.
    if (sessionId === undefined) throw new CredentialsRefused();
    return this.tokens.of(userId, sessionId, refresh.token);
  }
}
