import type { CapabilitySchema } from '#libs/database';
import { ApiKey } from './api-keys/api-key.entity.js';
import { Identity1763600200000 } from './migrations/1763600200000-identity.js';
import { Operators1763700500000 } from './migrations/1763700500000-operators.js';
import { Sessions1763700501000 } from './migrations/1763700501000-sessions.js';
import { ApiKeys1763700502000 } from './migrations/1763700502000-api-keys.js';
import { SignIn1763700600000 } from './migrations/1763700600000-sign-in.js';
import { Oidc1763700601000 } from './migrations/1763700601000-oidc.js';
import { IdentityProvider } from './identity-providers/identity-provider.entity.js';
import { Role } from './roles/role.entity.js';
import { Session } from './sessions/session.entity.js';
import { User } from './users/user.entity.js';

/** Tables of the identity capability: people and sessions with the tenant, operators at the landlord. */
export const identitySchema: CapabilitySchema = {
  entities: [User, Role, Session, ApiKey, IdentityProvider],
  migrations: [
    Identity1763600200000,
    Sessions1763700501000,
    ApiKeys1763700502000,
    SignIn1763700600000,
    Oidc1763700601000,
  ],
  landlordMigrations: [Operators1763700500000],
};
