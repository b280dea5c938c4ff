import { Module } from '@nestjs/common';
import { EgressModule } from '#libs/egress';
import { SecretsModule } from '#libs/secrets';
import { Authorize } from './oidc/authorize.js';
import { LinkIdentity } from './oidc/link-identity.js';
import { LinkedIdentities } from './oidc/linked-identities.repository.js';
import { OidcAuthorizations } from './oidc/oidc-authorizations.repository.js';
import { OidcClient } from './oidc/oidc-client.js';
import { ClientSecrets } from './identity-providers/client-secrets.js';
import { DefineIdentityProvider } from './identity-providers/define-identity-provider.js';
import { IdentityProviderQueries } from './identity-providers/identity-provider.queries.js';
import { IdentityProviders } from './identity-providers/identity-providers.repository.js';
import { RecognisePerson } from './oidc/recognise-person.js';
import { SignInWithProvider } from './oidc/sign-in-with-provider.js';
import { SessionsModule } from './sessions.module.js';

const verbs = [DefineIdentityProvider, IdentityProviderQueries, Authorize, SignInWithProvider, LinkIdentity];

/** Signing in by identity providers of others. */
@Module({
  imports: [SessionsModule, SecretsModule, EgressModule],
  providers: [
    ...verbs,
    IdentityProviders,
    ClientSecrets,
    OidcClient,
    OidcAuthorizations,
    LinkedIdentities,
    RecognisePerson,
  ],
  exports: verbs,
})
export class OidcModule {}
