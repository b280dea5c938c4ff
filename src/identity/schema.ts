import type { CapabilitySchema } from '#libs/database';
import { Identity1763600200000 } from './migrations/1763600200000-identity.js';
import { Role } from './roles/role.entity.js';
import { User } from './users/user.entity.js';

/** Tables of the identity capability. */
export const identitySchema: CapabilitySchema = { entities: [User, Role], migrations: [Identity1763600200000] };
