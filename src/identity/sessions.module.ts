import { Global, Module } from '@nestjs/common';
import { AuthModule, SessionVerifier } from '#libs/auth';
import { AccessModule } from './access/access.module.js';
import { IdentityModule } from './identity.module.js';
import { AddRole } from './roles/add-role.js';
import { ChangeRole } from './roles/change-role.js';
import { RemoveRole } from './roles/remove-role.js';
import { EndSessions } from './sessions/end-sessions.js';
import { RefreshSession } from './sessions/refresh-session.js';
import { NoSecondFactor, SecondFactorCheck } from './sessions/second-factor-check.js';
import { TokenPairs } from './sessions/session-tokens.js';
import { Sessions } from './sessions/sessions.repository.js';
import { SignIn } from './sessions/sign-in.js';
import { SignOut } from './sessions/sign-out.js';
import { StartSession } from './sessions/start-session.js';
import { VerifySession } from './sessions/verify-session.js';
import { AddUser } from './users/add-user.js';
import { ChangeUser } from './users/change-user.js';

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
];

/**
 * Signing in, and changes that sessions feel at once. Global, because the guards of the API find the
 * {@link SessionVerifier} here. Needs ConfigModule and Redis.
 */
@Global()
@Module({
  imports: [IdentityModule, AuthModule, AccessModule],
  providers: [
    ...verbs,
    Sessions,
    TokenPairs,
    VerifySession,
    { provide: SecondFactorCheck, useClass: NoSecondFactor },
    { provide: SessionVerifier, useExisting: VerifySession },
  ],
  exports: [...verbs, VerifySession, SessionVerifier, IdentityModule],
})
export class SessionsModule {}
