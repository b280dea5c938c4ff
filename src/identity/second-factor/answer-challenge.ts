import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { SessionTokens } from '../sessions/session-tokens.js';
import { type SessionClient, StartSession } from '../sessions/start-session.js';
import { Users } from '../users/users.repository.js';
import { fingerprintOf, SecondFactorChallenges } from './second-factor-challenges.js';
import { ChallengeRefused, SecondFactorRefused } from './second-factor.errors.js';
import { SpendCode } from './spend-code.js';

/** What somebody answers who was asked for a second factor. */
export interface ChallengeAnswer {
  readonly challenge: string;
  /** Six digits of the authenticator, or a recovery code. */
  readonly code: string;
  readonly client: SessionClient;
}

/** Opens the session that a second factor was asked for. */
@Injectable()
export class AnswerChallenge {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly challenges: SecondFactorChallenges,
    private readonly users: Users,
    private readonly spendCode: SpendCode,
    private readonly startSession: StartSession,
  ) {}

  /** @throws ChallengeRefused, SecondFactorRefused, TooManyAttempts, CredentialsRefused */
  async execute({ challenge, code, client }: ChallengeAnswer): Promise<SessionTokens> {
    const { userId, amr, fingerprint } = await this.challenges.open(challenge);
    const user = await this.unitOfWork.read(() => this.users.findOne({ id: userId }), { primary: true });
    if (!user || fingerprintOf(user.passwordHash) !== fingerprint) throw new ChallengeRefused();
    const { passwordHash } = user;
    return this.spendCode.execute(userId, code, new SecondFactorRefused(), () =>
      this.startSession.execute({ userId, amr: [...amr, 'otp', 'mfa'], passwordHash, client }),
    );
  }
}
