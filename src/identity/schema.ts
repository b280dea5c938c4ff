import type { CapabilitySchema } from '#libs/database';
import { Identity1763600200000 } from './migrations/1763600200000-identity.js';
import { Operators1763700500000 } from './migrations/1763700500000-operators.js';
import { Sessions1763700501000 } from './migrations/1763700501000-sessions.js';
import { Role } from './roles/role.entity.js';
import { User } from './users/user.entity.js';

/** Tables of the identity capability: people and sessions with the tenant, operators at the landlord. */
export const identitySchema: CapabilitySchema = {
  entities: [User, Role],
  migrations: [Identity1763600200000, Sessions1763700501000],
  landlordMigrations: [Operators1763700500000],
};
