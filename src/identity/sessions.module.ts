import { Global, Module } from '@nestjs/common';
import { AuthModule, SessionVerifier } from '#libs/auth';
import { SecretsModule } from '#libs/secrets';
import { AttemptLimits } from './attempts/attempt-limits.js';
import { SignInAttempts } from './attempts/sign-in-attempts.repository.js';
import { AccessModule } from './access/access.module.js';
import { ApiKeyQueries } from './api-keys/api-key.queries.js';
import { ApiKeys } from './api-keys/api-keys.repository.js';
import { CreateApiKey } from './api-keys/create-api-key.js';
import { RevokeApiKey } from './api-keys/revoke-api-key.js';
import { VerifyApiKey } from './api-keys/verify-api-key.js';
import { IdentityModule } from './identity.module.js';
import { CompletePasswordReset } from './password-reset/complete-password-reset.js';
import { AddRole } from './roles/add-role.js';
import { ChangeRole } from './roles/change-role.js';
import { RemoveRole } from './roles/remove-role.js';
import { AnswerChallenge } from './second-factor/answer-challenge.js';
import { ChangeSecondFactor } from './second-factor/change-second-factor.js';
import { FactorSecrets } from './second-factor/factor-secrets.js';
import { SecondFactorChallenges } from './second-factor/second-factor-challenges.js';
import { SecondFactorQueries } from './second-factor/second-factor.queries.js';
import { SecondFactors } from './second-factor/second-factors.repository.js';
import { SetUpSecondFactor } from './second-factor/set-up-second-factor.js';
import { SpendCode } from './second-factor/spend-code.js';
import { EndSessions } from './sessions/end-sessions.js';
import { OpenSessions } from './sessions/open-sessions.repository.js';
import { RefreshSession } from './sessions/refresh-session.js';
import { SecondFactorCheck } from './sessions/second-factor-check.js';
import { TokenPairs } from './sessions/session-tokens.js';
import { SessionWatch } from './sessions/session-watch.js';
import { Sessions } from './sessions/sessions.repository.js';
import { SignIn } from './sessions/sign-in.js';
import { SessionQueries } from './sessions/session.queries.js';
import { SignOutElsewhere } from './sessions/sign-out-elsewhere.js';
import { SignOut } from './sessions/sign-out.js';
import { StartSession } from './sessions/start-session.js';
import { VerifySession } from './sessions/verify-session.js';
import { AddUser } from './users/add-user.js';
import { ChangeUser } from './users/change-user.js';
import { RequestEmailVerification } from './verification/request-email-verification.js';
import { VerifyEmail } from './verification/verify-email.js';

const verbs = [
  SignIn,
  StartSession,
  EndSessions,
  RefreshSession,
  SignOut,
  AddUser,
  ChangeUser,
  AddRole,
  ChangeRole,
  RemoveRole,
  CreateApiKey,
  RevokeApiKey,
  ApiKeyQueries,
  SessionQueries,
  SignOutElsewhere,
  CompletePasswordReset,
  RequestEmailVerification,
  VerifyEmail,
  SetUpSecondFactor,
  ChangeSecondFactor,
  SecondFactorQueries,
  AnswerChallenge,
];

/**
 * Signing in, and changes that sessions feel at once. Global, because the guards of the API find the
 * {@link SessionVerifier} here. Needs ConfigModule and Redis.
 */
@Global()
@Module({
  imports: [IdentityModule, AuthModule, AccessModule, SecretsModule],
  providers: [
    ...verbs,
    AttemptLimits,
    SignInAttempts,
    Sessions,
    OpenSessions,
    ApiKeys,
    TokenPairs,
    VerifySession,
    SessionWatch,
    VerifyApiKey,
    SecondFactors,
    FactorSecrets,
    SpendCode,
    SecondFactorChallenges,
    { provide: SecondFactorCheck, useExisting: SecondFactorChallenges },
    { provide: SessionVerifier, useExisting: VerifySession },
  ],
  exports: [...verbs, SecondFactorCheck, SessionWatch, VerifySession, VerifyApiKey, SessionVerifier, IdentityModule],
})
export class SessionsModule {}
