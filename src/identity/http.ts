import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys/http/api-keys.controller.js';
import { LinkedIdentitiesController } from './oidc/http/linked-identities.controller.js';
import { OidcTokensController } from './oidc/http/oidc-tokens.controller.js';
import { IdentityProvidersController } from './identity-providers/http/identity-providers.controller.js';
import { OidcModule } from './oidc.module.js';
import { OperatorTokensController } from './operators/http/operator-tokens.controller.js';
import { OperatorsModule } from './operators.module.js';
import { PasswordResetsController } from './password-reset/http/password-resets.controller.js';
import { PermissionsController } from './roles/http/permissions.controller.js';
import { RolesController } from './roles/http/roles.controller.js';
import { SecondFactorController } from './second-factor/http/second-factor.controller.js';
import { SecondFactorTokensController } from './second-factor/http/second-factor-tokens.controller.js';
import { UserSecondFactorsController } from './second-factor/http/user-second-factors.controller.js';
import { AuthController } from './sessions/http/auth.controller.js';
import { SessionAnswers } from './sessions/http/session-answers.js';
import { SessionsController } from './sessions/http/sessions.controller.js';
import { SessionsModule } from './sessions.module.js';
import { UsersController } from './users/http/users.controller.js';
import { EmailVerificationsController } from './verification/http/email-verifications.controller.js';

/** Sign-in, users and roles over HTTP, and the landlord's door; with the `SessionVerifier` that the guards ask. */
@Module({
  imports: [SessionsModule, OperatorsModule, OidcModule],
  providers: [SessionAnswers],
  controllers: [
    AuthController,
    SessionsController,
    PasswordResetsController,
    EmailVerificationsController,
    SecondFactorController,
    SecondFactorTokensController,
    UserSecondFactorsController,
    OidcTokensController,
    LinkedIdentitiesController,
    IdentityProvidersController,
    OperatorTokensController,
    UsersController,
    RolesController,
    PermissionsController,
    ApiKeysController,
  ],
})
export class IdentityHttpModule {}
