import type { CapabilitySchema } from '#libs/database';
import { Landlord1763600000000 } from './migrations/1763600000000-landlord.js';

/** The landlord's tables. */
export const tenancySchema: CapabilitySchema = { landlordMigrations: [Landlord1763600000000] };
