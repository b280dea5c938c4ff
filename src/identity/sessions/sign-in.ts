import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '#libs/auth';
import { UnitOfWork } from '#libs/database';
import { AttemptLimits } from '../attempts/attempt-limits.js';
import { Users } from '../users/users.repository.js';
import { SecondFactorCheck } from './second-factor-check.js';
import { CredentialsRefused, SecondFactorRequired } from './session.errors.js';
import type { SessionTokens } from './session-tokens.js';
import { type SessionClient, StartSession } from './start-session.js';

/** What somebody who signs in brings. */
export interface SignInRequest extends SessionClient {
  readonly email: string;
  readonly password: string;
}

/** Opens a session for e-mail and password, or asks for the second factor. */
@Injectable()
export class SignIn {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly attempts: AttemptLimits,
    private readonly passwords: PasswordHasher,
    private readonly secondFactor: SecondFactorCheck,
    private readonly startSession: StartSession,
  ) {}

  /**
   * Takes the same way, and as long, whether the user is unknown, disabled or mistyped the password.
   * @throws CredentialsRefused, TooManyAttempts
   * @throws SecondFactorRequired with the challenge to answer
   */
  async execute({ email, password, ip, userAgent }: SignInRequest): Promise<SessionTokens> {
    await this.attempts.take('password', email);
    const user = await this.unitOfWork.read(() => this.users.credentialsOf(email), { primary: true });
    // Outside the unit of work: verifying takes tens of milliseconds by design, and must not hold a connection.
    const matches = await this.passwords.verify(user?.passwordHash, password);
    if (!user?.isActive || !matches) throw new CredentialsRefused();
    await this.attempts.clear('password', email);
    const { id: userId, passwordHash } = user;
    const challenge = await this.secondFactor.challengeFor({ userId, passwordHash, amr: ['pwd'] });
    if (challenge) throw new SecondFactorRequired(challenge);
    return this.startSession.execute({ userId, amr: ['pwd'], passwordHash, client: { ip, userAgent } });
  }
}
