import { Injectable } from '@nestjs/common';
import { SecondFactorCheck } from '../sessions/second-factor-check.js';
import { CredentialsRefused, SecondFactorRequired } from '../sessions/session.errors.js';
import type { SessionTokens } from '../sessions/session-tokens.js';
import { type SessionClient, StartSession } from '../sessions/start-session.js';
import { Authorize } from './authorize.js';
import { RecognisePerson } from './recognise-person.js';

/** What a browser brings that comes back from an identity provider. */
export interface ProviderSignIn {
  readonly ticket: string;
  /** The query with which it came back. */
  readonly response: string;
  readonly client: SessionClient;
}

/** Opens a session for somebody whom an identity provider has recognised. */
@Injectable()
export class SignInWithProvider {
  constructor(
    private readonly authorize: Authorize,
    private readonly recognise: RecognisePerson,
    private readonly secondFactor: SecondFactorCheck,
    private readonly startSession: StartSession,
  ) {}

  /**
   * @throws AuthorizationUnknown, AuthorizationRefused, IdentityNotLinked, IdentityProviderNotFound,
   *   IdentityProviderUnavailable, CredentialsRefused (of a user who is disabled)
   * @throws SecondFactorRequired with the challenge to answer
   */
  async execute({ ticket, response, client }: ProviderSignIn): Promise<SessionTokens> {
    const returned = await this.authorize.finish(ticket, response, null);
    const user = await this.recognise.execute(returned);
    if (user.status !== 'active') throw new CredentialsRefused();
    const { id: userId, passwordHash } = user;
    const amr = ['fed'];
    if (!returned.provider.trustsSecondFactor) {
      const challenge = await this.secondFactor.challengeFor({ userId, passwordHash, amr });
      if (challenge) throw new SecondFactorRequired(challenge);
    }
    return this.startSession.execute({ userId, amr, client });
  }
}
